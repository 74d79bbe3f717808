# A causal language model of any family (layer.py): embeddings, layers, the last norm, the head.

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  epsilon : float                             # of the norms that are folded; 0 if none is
  multiplier : float                          # of embeddings
  logit_multiplier : float
  softcap : float                             # of logits; 0 for none
  heads : int
  kv_heads : int
  embedding : Tensor                          # [vocabulary, width]
  outputs : Tensor                            # the head's weight while it grows, [vocabulary, width]
  factor : Tensor                             # of its columns, [width]; empty for none
  positions : Tensor                          # [context, width]; empty without
  rotations : List[Tensor]                    # [context, 1, head_width / 2], complex
  growths : List[Tensor]                      # of queries with their position, [context, 1, 1]; empty without
  windows : List[int]                         # how far back layers look; 0 for everywhere
  how : List[__torch__.layer.How]             # one
  layers : List[__torch__.layer.Layer]
  norm : List[__torch__.norm.Norm]            # one
  head : List[__torch__.linear.Linear]        # width -> vocabulary
  cache : List[__torch__.attention.Cache]     # one

  # All but the layers, which follow one after another, and but the embeddings and the head where they follow some rows at a time.
  # weights and options by the names of slots (dev.diptych.model.blueprint)
  def init(self: __torch__.Model, weights: Dict[str, Tensor], options: Dict[str, float], frequencies: List[Tensor], windows: List[int], kernel: int, dtype: int, cache_dtype: int, reduce_range: bool, fused: bool) -> NoneType:
    width = int(options["width"])
    layers = int(options["layers"])
    head_width = int(options["head_width"])
    context = int(options["context"])
    spread = kernel >= 3 and options["spread"] > 0.0
    fold = options["fold"] > 0.0 and (spread or kernel < 3)
    self.heads = int(options["heads"])
    self.kv_heads = int(options["key_value_heads"])
    self.multiplier = options["embedding.multiplier"]
    self.softcap = options["head.softcap"]
    how = __torch__.layer.How(kernel, dtype, 6, reduce_range, fold, spread, False, width)
    self.how = [how]
    self.windows = windows
    self.cache = [__torch__.attention.Cache(fused, layers, self.kv_heads, head_width, kernel > 0, cache_dtype, windows)]
    self.embedding = torch.empty([0])
    self.outputs = torch.empty([0])
    self.factor = torch.empty([0])
    tokens = torch.empty([0])
    if torch.__contains__(weights, "embedding.tokens.weight"):
      tokens = weights["embedding.tokens.weight"]
      self.embedding = __torch__.table(tokens, spread, kernel, dtype)
    self.positions = torch.empty([0])
    if torch.__contains__(weights, "embedding.positions.weight"):
      self.positions = __torch__.linear.kept(weights["embedding.positions.weight"], kernel, dtype)
    self.rotations = annotate(List[Tensor], [])
    self.growths = annotate(List[Tensor], [])
    for r in range(torch.len(frequencies)):
      name = torch.format("rotary.{}.", r)
      on_device = torch.to(frequencies[r], tokens.device)
      _0 = torch.append(self.rotations, __torch__.rotary.table(on_device, context, head_width, options[name + "magnitude"]))
      growth = torch.empty([0])
      if torch.__contains__(options, name + "growth"):
        growth = __torch__.rotary.growth(options[name + "growth"], int(options[name + "growth_context"]), context, on_device)
      _1 = torch.append(self.growths, growth)
    norm = __torch__.norm.Norm(weights, options, "norm", 6, 1.0)
    self.epsilon = 0.0
    if fold:
      self.epsilon = norm.epsilon
    head = tokens
    if torch.__contains__(weights, "head.output.weight"):
      head = weights["head.output.weight"]
    self.logit_multiplier = options["head.multiplier"]
    self.head = annotate(List[__torch__.linear.Linear], [])
    if torch.size(self.embedding, 0) > 0:
      self.head = [how.reading(head, __torch__.layer.optional(weights, "head.output.bias"), norm)]
    else:
      self.factor = how.factor(norm)
    self.norm = [norm]
    self.layers = annotate(List[__torch__.layer.Layer], [])
    return None

  # Rows of the embeddings and of the head, from the first on, of total ones: tokens and head, [rows, width]
  def add_rows(self: __torch__.Model, weights: Dict[str, Tensor], first: int, total: int) -> List[Tensor]:
    how = self.how[0]
    table = __torch__.table(weights["tokens"], how.spread, how.kernel, how.dtype)
    outputs = how.through(weights["head"], self.factor)
    if first == 0:
      self.embedding = torch.empty([total, torch.size(table, 1)], dtype=table.dtype)
      self.outputs = torch.empty([total, torch.size(outputs, 1)], dtype=6)
    last = first + torch.size(table, 0)
    return [torch.copy_(torch.slice(self.embedding, 0, first, last), table), torch.copy_(torch.slice(self.outputs, 0, first, last), outputs)]

  # The head, when all its rows are there; bias [vocabulary], if it has one
  def finish_rows(self: __torch__.Model, weights: Dict[str, Tensor]) -> NoneType:
    how = self.how[0]
    self.head = [__torch__.linear.Linear(self.outputs, __torch__.layer.optional(weights, "bias"), how.kernel, how.dtype, how.reduce_range)]
    self.outputs = torch.empty([0])
    return None

  # One more layer; names without their beginning layer.{}.
  def add_layer(self: __torch__.Model, weights: Dict[str, Tensor], options: Dict[str, float]) -> NoneType:
    _0 = torch.append(self.layers, __torch__.layer.Layer(weights, options, self.how[0]))
    return None

  # One more layer with the weights of an earlier one.
  def repeat_layer(self: __torch__.Model, i: int) -> NoneType:
    _0 = torch.append(self.layers, self.layers[i])
    return None

  def reserve(self: __torch__.Model, slots: int, capacity: int, memory: List[Tensor], lengths: List[int]) -> NoneType:
    return self.cache[0].reserve(slots, capacity, memory, lengths, self.embedding)

  # Writes what dev.diptych.kernel computes with into memory (kernel 5), and keeps nothing of it. Rows as in add_rows, with the
  # bias of the head, [rows]; memory: the head, the embeddings and the spacing, each [bytes]
  def export_rows(self: __torch__.Model, weights: Dict[str, Tensor], first: int, total: int, memory: List[Tensor]) -> List[Tensor]:
    how = self.how[0]
    outputs = how.through(weights["head"], self.factor)
    head = __torch__.linear.Linear(outputs, __torch__.layer.optional(weights, "bias"), how.kernel, how.dtype, how.reduce_range)
    written = head.panels_from(memory[0], first, total)
    rows, width = torch.size(weights["tokens"])
    table = torch.set_(torch.empty([0], dtype=5), memory[1], first * width, [rows, width], [width, 1])
    _0 = torch.append(written, torch.copy_(table, __torch__.table(weights["tokens"], how.spread, how.kernel, how.dtype)))
    kept = torch.set_(torch.empty([0], dtype=6), memory[2], 0, [1], [1])
    _1 = torch.append(written, torch.copy_(kept, torch.view(how.spacing, [1])))
    return written

  # A layer; memory: each of its four linear layers
  def export_layer(self: __torch__.Model, weights: Dict[str, Tensor], options: Dict[str, float], memory: List[Tensor]) -> List[Tensor]:
    layer = __torch__.layer.Layer(weights, options, self.how[0])
    written = layer.qkv.panels(memory[0])
    _0 = torch.extend(written, layer.out.panels(memory[1]))
    _1 = torch.extend(written, layer.up.panels(memory[2]))
    _2 = torch.extend(written, layer.down.panels(memory[3]))
    return written

  def copy(self: __torch__.Model, source: int, target: int, length: int) -> NoneType:
    return self.cache[0].copy(source, target, length)

  # A step as attention.py's begin describes it: tokens and positions [tokens], slots [rows]; wanted: which of them have their
  # logits returned, in this order; all if there are no chunks and it is empty -> [wanted, vocabulary]
  def step(self: __torch__.Model, tokens: Tensor, slots: Tensor, positions: Tensor, groups: List[int], chunks: List[int], wanted: Tensor) -> Tensor:
    stream = self.embedded(tokens, positions)
    x = stream
    if self.epsilon > 0.0:
      x = torch.slice(stream, 1, 0, -1)                                             # [tokens, width]
    turns = annotate(List[Tensor], [])
    for r in range(torch.len(self.rotations)):
      growth = self.growths[r]
      if torch.numel(growth) > 0:
        growth = torch.index_select(growth, 0, positions)
      rotation = torch.index_select(self.rotations[r], 0, positions)
      _0 = torch.append(turns, __torch__.rotary.of_heads(rotation, growth, self.heads, self.kv_heads))
    step = self.cache[0].begin(slots, positions, groups, chunks, self.heads // self.kv_heads)
    for i in range(torch.len(self.layers)):
      _1 = self.layer(i, x, stream, turns, step)
    if torch.len(chunks) > 0 or torch.numel(wanted) > 0:
      stream = torch.index_select(stream, 0, wanted)
      x = stream
      if self.epsilon > 0.0:
        x = torch.slice(stream, 1, 0, -1)
    return self.logits(x, stream)

  # Layer i, added to x in place.
  def layer(self: __torch__.Model, i: int, x: Tensor, stream: Tensor, turns: List[Tensor], step: __torch__.attention.Step) -> NoneType:
    layer = self.layers[i]
    h = layer.before_attention.forward(x, stream)
    qkv = layer.queries_keys_values(h, 6)
    if layer.rotary >= 0:
      qkv = __torch__.rotary.rotated(qkv, turns[layer.rotary])
    a = self.cache[0].attend(i, qkv, step, layer.window, layer.softcap)
    if layer.parallel:
      if layer.before_feed_forward.kind > 0:
        h = layer.before_feed_forward.forward(x, stream)
      f = layer.down.forward(layer.inner(h))
      _0 = layer.out.add_to(x, a)
      _1 = torch.add_(x, f)
      return None
    if layer.after_attention.kind > 0:
      a = layer.out.forward(a)
      _2 = torch.add_(x, layer.after_attention.forward(torch.to(a, 6), a))
    else:
      _3 = layer.out.add_to(x, a)
    f = layer.inner(layer.before_feed_forward.forward(x, stream))
    if layer.after_feed_forward.kind > 0:
      f = layer.down.forward(f)
      _4 = torch.add_(x, layer.after_feed_forward.forward(torch.to(f, 6), f))
    else:
      _5 = layer.down.add_to(x, f)
    return None

  # [tokens, width], with the last column for folded norms
  def embedded(self: __torch__.Model, tokens: Tensor, positions: Tensor) -> Tensor:
    x = torch.to(torch.embedding(self.embedding, tokens), 6)
    if self.multiplier != 1.0:
      x = torch.mul(x, self.multiplier)
    if torch.numel(self.positions) > 0:
      x = torch.add(x, torch.embedding(self.positions, positions))
    if self.epsilon == 0.0:
      return x
    column = torch.full([torch.size(tokens, 0), 1], torch.sqrt(torch.size(x, 1) * self.epsilon), dtype=6, device=x.device)
    return torch.cat([x, column], 1)

  # [rows, width] -> [rows, vocabulary]
  def logits(self: __torch__.Model, x: Tensor, stream: Tensor) -> Tensor:
    h = self.norm[0].forward(x, stream)
    if self.norm[0].kind == 3:
      logits = torch.to(self.head[0].of_bounded(h), 6)
    else:
      logits = torch.to(self.head[0].forward(h), 6)
    if self.logit_multiplier != 1.0:
      logits = torch.mul(logits, self.logit_multiplier)
    if self.softcap > 0.0:
      logits = torch.mul(torch.tanh(torch.div(logits, self.softcap)), self.softcap)
    return logits

# The embeddings, in the basis of the stream: [vocabulary, width]
def table(embedding: Tensor, spread: bool, kernel: int, dtype: int) -> Tensor:
  if spread:
    return __torch__.linear.kept(__torch__.spread.rows(torch.to(embedding, 6)), kernel, dtype)
  return __torch__.linear.kept(embedding, kernel, dtype)
