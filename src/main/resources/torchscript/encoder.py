# An encoder of any family (layer.py). Inputs are concatenated in runs (runs.py), linear layers see [tokens, width].

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  reduced : bool                              # attention may compute in bfloat16, by products
  dtype : int
  multiplier : float                          # of embeddings
  activation : int                            # of the head's transform, as in layer.py
  heads : int
  kv_heads : int
  embedding : Tensor                          # [vocabulary, embedding width]
  positions : Tensor                          # [positions, embedding width]; empty without
  types : Tensor                              # [types, embedding width]; empty without
  projection : List[__torch__.linear.Linear]  # embedding width -> width; empty without
  rotations : List[Tensor]                    # [context, 1, head_width / 2], complex
  relative : Tensor                           # as relative.py has it; empty without
  apart : Tensor                              # the table of distances, [2 * span, width]; empty without
  most : int                                  # of disentangled.py's distances
  windows : List[int]                         # how far layers look; 0 for everywhere
  how : List[__torch__.layer.How]             # one
  layers : List[__torch__.layer.Layer]
  distances : List[__torch__.disentangled.Distances]   # of each layer
  norms : List[__torch__.norm.Norm]           # of the embeddings, behind the last layer, of the head
  transform : List[__torch__.linear.Linear]   # of the head, width -> its width; empty without
  output : List[__torch__.linear.Linear]      # of the head; empty without

  # All but the layers, which follow one after another. weights and options by the names of slots (dev.diptych.model.blueprint)
  def init(self: __torch__.Model, weights: Dict[str, Tensor], options: Dict[str, float], frequencies: List[Tensor], windows: List[int], kernel: int, dtype: int, reduced: bool, reduce_range: bool, fused: bool) -> NoneType:
    self.reduced = reduced and not fused
    self.dtype = dtype
    self.windows = windows
    self.multiplier = options["embedding.multiplier"]
    self.heads = int(options["heads"])
    self.kv_heads = int(options["key_value_heads"])
    how = __torch__.layer.How(kernel, dtype, dtype, reduce_range, False, False, kernel == 5, int(options["width"]))
    self.how = [how]
    tokens = weights["embedding.tokens.weight"]
    self.embedding = __torch__.linear.kept(tokens, kernel, dtype)
    self.positions = __torch__.table(weights, "embedding.positions.weight", kernel, dtype)
    self.types = __torch__.table(weights, "embedding.types.weight", kernel, dtype)
    self.projection = annotate(List[__torch__.linear.Linear], [])
    if torch.__contains__(weights, "embedding.projection.weight"):
      self.projection = [how.plain(weights["embedding.projection.weight"], weights["embedding.projection.bias"])]
    self.rotations = annotate(List[Tensor], [])
    for r in range(torch.len(frequencies)):
      on_device = torch.to(frequencies[r], tokens.device)
      _0 = torch.append(self.rotations, __torch__.rotary.table(on_device, int(options["context"]), int(options["head_width"]), options[torch.format("rotary.{}.magnitude", r)]))
    embedding_norm = __torch__.norm.Norm(weights, options, "embedding.norm", dtype, 1.0)
    last_norm = __torch__.norm.Norm(weights, options, "norm", dtype, 1.0)
    self.norms = [embedding_norm, last_norm, __torch__.norm.Norm(weights, options, "head.norm", dtype, 1.0)]
    self.relative = torch.empty([0])
    if torch.__contains__(weights, "relative_bias.weight"):
      self.relative = __torch__.relative.table(weights["relative_bias.weight"], int(options["relative.most"]))
    self.apart = torch.empty([0])
    self.most = int(options["relative.most"])
    if torch.__contains__(weights, "relative_embedding.weight"):
      table = torch.to(weights["relative_embedding.weight"], 6)
      self.apart = torch.clone(__torch__.norm.Norm(weights, options, "relative_norm", 6, 1.0).forward(table, table))
    self.activation = int(options["head.activation"])
    self.transform = annotate(List[__torch__.linear.Linear], [])
    if torch.__contains__(weights, "head.transform.weight"):
      self.transform = [how.plain(weights["head.transform.weight"], __torch__.layer.optional(weights, "head.transform.bias"))]
    self.output = annotate(List[__torch__.linear.Linear], [])
    if options["head"] > 0.0:
      output = tokens
      if torch.__contains__(weights, "head.output.weight"):
        output = weights["head.output.weight"]
      self.output = [how.plain(output, __torch__.layer.optional(weights, "head.output.bias"))]
    self.layers = annotate(List[__torch__.layer.Layer], [])
    self.distances = annotate(List[__torch__.disentangled.Distances], [])
    return None

  # One more layer; names without their beginning layer.{}.
  def add_layer(self: __torch__.Model, weights: Dict[str, Tensor], options: Dict[str, float]) -> NoneType:
    _0 = torch.append(self.layers, __torch__.layer.Layer(weights, options, self.how[0]))
    _1 = torch.append(self.distances, __torch__.disentangled.Distances(weights, options, self.apart, self.dtype))
    return None

  # One more layer with the weights of an earlier one.
  def repeat_layer(self: __torch__.Model, i: int) -> NoneType:
    _0 = torch.append(self.layers, self.layers[i])
    _1 = torch.append(self.distances, self.distances[i])
    return None

  # Writes the weights of kernel 5 into memory as dev.diptych.kernel reads them, and all that it looks up. One tensor [bytes]
  # for each linear layer and for the embeddings of tokens, positions and segments, and one for the norms
  def export(self: __torch__.Model, memory: List[Tensor]) -> List[Tensor]:
    written = annotate(List[Tensor], [])
    next = 0
    norms = __torch__.parameters(self.norms[0])
    for layer in self.layers:
      _0 = torch.extend(written, layer.qkv.panels(memory[next]))
      _1 = torch.extend(written, layer.out.panels(memory[next + 1]))
      _2 = torch.extend(written, layer.up.panels(memory[next + 2]))
      _3 = torch.extend(written, layer.down.panels(memory[next + 3]))
      next = next + 4
      _4 = torch.extend(norms, __torch__.parameters(layer.behind_attention))
      _5 = torch.extend(norms, __torch__.parameters(layer.behind_feed_forward))
    for linear in self.transform:
      _6 = torch.extend(written, linear.panels(memory[next]))
      next = next + 1
    for linear in self.output:
      _7 = torch.extend(written, linear.panels(memory[next]))
      next = next + 1
    for table in [self.embedding, self.positions, self.types]:
      if torch.numel(table) > 0:
        kept = torch.set_(torch.empty([0], dtype=5), memory[next], 0, torch.size(table), [torch.size(table, 1), 1])
        _8 = torch.append(written, torch.copy_(kept, table))
      next = next + 1
    all = torch.cat(torch.add(norms, __torch__.parameters(self.norms[2])))
    kept = torch.set_(torch.empty([0], dtype=6), memory[next], 0, torch.size(all), [1])
    _9 = torch.append(written, torch.copy_(kept, all))
    return written

  # runs: pairs of (inputs, their padded length) in batch order; lengths [inputs] without padding.
  # tokens, types, places [tokens] -> [tokens, width]
  def states(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor) -> Tensor:
    x = torch.to(torch.embedding(self.embedding, tokens), 6)
    if self.multiplier != 1.0:
      x = torch.mul(x, self.multiplier)
    if torch.numel(self.positions) > 0:
      x = torch.add(x, torch.embedding(self.positions, places))
    if torch.numel(self.types) > 0:
      x = torch.add(x, torch.embedding(self.types, types))
    x = torch.to(x, self.dtype)
    x = self.norms[0].forward(x, x)
    for linear in self.projection:
      x = linear.forward(x)
    turns = annotate(List[Tensor], [])
    for rotation in self.rotations:
      of_tokens = torch.index_select(rotation, 0, places)
      _0 = torch.append(turns, __torch__.rotary.of_heads(of_tokens, torch.empty([0]), self.heads, self.kv_heads))
    masks = annotate(List[Tensor], [])
    for window in self.windows:
      _1 = torch.extend(masks, __torch__.runs.masks(runs, lengths, window, self.layers[0].causal, x))
    between = self.between(runs)
    for i in range(torch.len(self.layers)):
      first = self.layers[i].window * (torch.len(runs) // 2)
      x = self.layer(i, x, turns, runs, torch.slice(masks, first, first + torch.len(runs) // 2), between)
    return self.norms[1].forward(x, x)

  # What layers know of the distances between the tokens of each run: biases or rows of relative.py or disentangled.py; empty
  # tensors without
  def between(self: __torch__.Model, runs: List[int]) -> List[Tensor]:
    between = annotate(List[Tensor], [])
    for r in range(torch.len(runs) // 2):
      length = runs[2 * r + 1]
      if torch.numel(self.relative) > 0:
        _0 = torch.append(between, __torch__.relative.bias(self.relative, length, self.dtype))
      elif torch.numel(self.apart) > 0:
        _1 = torch.append(between, __torch__.disentangled.rows(torch.size(self.apart, 0) // 2, self.most, length, self.apart))
      else:
        _2 = torch.append(between, self.relative)
    return between

  # One layer: [tokens, width] -> [tokens, width]
  def layer(self: __torch__.Model, i: int, x: Tensor, turns: List[Tensor], runs: List[int], masks: List[Tensor], between: List[Tensor]) -> Tensor:
    layer = self.layers[i]
    h = layer.before_attention.forward(x, x)
    qkv = layer.queries_keys_values(h, self.dtype)
    if layer.rotary >= 0:
      qkv = torch.to(__torch__.rotary.rotated(torch.to(qkv, 6), turns[layer.rotary]), self.dtype)
    how = __torch__.runs.How(layer.heads, layer.kv_heads, self.windows[layer.window], layer.causal, self.reduced)
    a = how.attention(qkv, runs, masks, between, self.distances[i])
    if layer.parallel:
      if layer.before_feed_forward.kind > 0:
        h = layer.before_feed_forward.forward(x, x)
      return torch.add(layer.out.add(a, x), layer.down.forward(layer.inner(h)))
    if layer.after_attention.kind > 0:
      a = layer.out.forward(a)
      x = torch.add(x, layer.after_attention.forward(a, a))
    else:
      x = layer.out.add(a, x)
    x = layer.behind_attention.forward(x, x)
    f = layer.inner(layer.before_feed_forward.forward(x, x))
    if layer.after_feed_forward.kind > 0:
      f = layer.down.forward(f)
      x = torch.add(x, layer.after_feed_forward.forward(f, f))
    else:
      x = layer.down.add(f, x)
    return layer.behind_feed_forward.forward(x, x)

  def hidden_states(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor) -> Tensor:
    return torch.to(self.states(tokens, types, places, runs, lengths), 6)

  # pooling 0 mean, 1 first token, 2 last token, 3 largest, 4 sum over the root of the number, 5 mean weighted by position;
  # without the first skipped tokens of each input -> [inputs, width]
  def pooled(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor, pooling: int, skipped: int) -> Tensor:
    return __torch__.runs.pool(self.states(tokens, types, places, runs, lengths), runs, lengths, pooling, skipped)

  # rows [n]: tokens whose logits are wanted, of the vocabulary or of the classes of tokens -> [n, outputs]
  def row_logits(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor, rows: Tensor) -> Tensor:
    return self.logits(torch.index_select(self.states(tokens, types, places, runs, lengths), 0, rows))

  # The largest logit of each output among the tokens of an input, some rows at a time -> [inputs, outputs]
  def largest_logits(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor) -> Tensor:
    x = self.states(tokens, types, places, runs, lengths)
    parts = annotate(List[Tensor], [])
    row = 0
    input = 0
    for r in range(torch.len(runs) // 2):
      for i in range(runs[2 * r]):
        length = int(torch.select(lengths, 0, input))
        own = torch.slice(x, 0, row, row + length)
        largest = annotate(List[Tensor], [])
        for part in range((length + 127) // 128):
          some = torch.slice(own, 0, 128 * part, 128 * part + 128)
          _0 = torch.append(largest, torch.amax(self.logits(some), [0], True))
        _1 = torch.append(parts, torch.amax(torch.cat(largest), [0], True))
        row = row + runs[2 * r + 1]
        input = input + 1
    return torch.cat(parts)

  # Logits of the classes of texts, whose states are pooled as above, before or after the head's transform -> [inputs, outputs]
  def text_logits(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor, pooling: int, transform_first: bool) -> Tensor:
    x = self.states(tokens, types, places, runs, lengths)
    if transform_first:
      x = __torch__.runs.pool(self.transformed(x), runs, lengths, pooling, 0)
      return torch.to(self.output[0].forward(torch.to(x, self.dtype)), 6)
    return self.logits(torch.to(__torch__.runs.pool(x, runs, lengths, pooling, 0), self.dtype))

  # [rows, width] -> [rows, outputs]
  def logits(self: __torch__.Model, x: Tensor) -> Tensor:
    return torch.to(self.output[0].forward(self.transformed(x)), 6)

  # What the output layer of the head reads: [rows, width] -> [rows, transform's width]
  def transformed(self: __torch__.Model, x: Tensor) -> Tensor:
    for linear in self.transform:
      if self.activation == 2:
        x = linear.gelu(x, "none")
      else:
        x = __torch__.layer.activated(linear.forward(x), self.activation)
      x = self.norms[2].forward(x, x)
    return x

# A table that is looked up; empty if there is none.
def table(weights: Dict[str, Tensor], name: str, kernel: int, dtype: int) -> Tensor:
  if torch.__contains__(weights, name):
    return __torch__.linear.kept(weights[name], kernel, dtype)
  return torch.empty([0])

# Weight and bias of a norm, as they are exported; nothing if there is no norm.
def parameters(norm: __torch__.norm.Norm) -> List[Tensor]:
  all = annotate(List[Tensor], [])
  bias = norm.bias
  if norm.kind > 0 and bias is not None:
    _0 = torch.append(all, norm.weight)
    _1 = torch.append(all, bias)
  return all
