# Llama and its relatives: RMSNorm, rotary positions, grouped-query attention, gated feed-forward.
# As transformers' models/llama/modeling_llama.py. The softmax scale is folded into the queries, and rows of queries
# and keys are reordered so that the two dimensions that rotate together lie side by side and rotate as one complex number.
# The norms' weights are folded into the layers that follow. For int8 the residual stream and the values of each head are
# in another basis (spread.py), in which the columns of all weights and the channels of all activations are alike.

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  kv_heads : int
  head_dim : int
  epsilon : float
  spacing : Tensor                            # of int8 values in a row of length 1 that is spread evenly; empty for floats
  embedding : Tensor                          # [vocabulary, hidden]
  kernel : int
  rotation : Tensor                           # [context, 1, head_dim / 2], complex
  qkv : List[__torch__.linear.Linear]         # hidden -> (heads + 2 * kv_heads) * head_dim
  out : List[__torch__.linear.Linear]         # heads * head_dim -> hidden
  gate_up : List[__torch__.linear.Linear]     # hidden -> 2 * intermediate
  down : List[__torch__.linear.Linear]        # intermediate -> hidden
  head : List[__torch__.linear.Linear]        # hidden -> vocabulary
  spreading : Tensor                          # [32, 32] for kernels 3 and 4, empty otherwise: spreads what goes into down
  cache : List[__torch__.attention.Cache]     # one

  def init(self: __torch__.Model, weights: Dict[str, Tensor], layers: int, heads: int, kv_heads: int, head_dim: int, epsilon: float, frequencies: Tensor, context: int, kernel: int, dtype: int, cache_dtype: int, reduce_range: bool, fused: bool) -> NoneType:
    self.layers = layers
    self.heads = heads
    self.kv_heads = kv_heads
    self.head_dim = head_dim
    self.epsilon = epsilon
    embedding = weights["model.embed_tokens.weight"]
    self.kernel = kernel
    self.cache = [__torch__.attention.Cache(fused, layers, kv_heads, head_dim, kernel > 0, cache_dtype)]
    spread = kernel >= 3
    step = 1.0
    self.spacing = torch.empty([0])
    if spread:
      step = 3.7 / torch.sqrt(torch.size(embedding, 1)) / __torch__.linear.levels(reduce_range)
      self.spacing = torch.full([], step, dtype=6)
    self.embedding = __torch__.table(embedding, kernel, dtype)
    head_weight = embedding
    if torch.__contains__(weights, "lm_head.weight"):
      head_weight = weights["lm_head.weight"]
    self.head = [__torch__.linear.Linear(__torch__.reading(head_weight, weights["model.norm.weight"], step, spread), None, kernel, dtype, reduce_range)]
    angles = torch.outer(torch.arange(context, dtype=6, device=embedding.device), torch.to(frequencies, 6))
    self.rotation = torch.unsqueeze(torch.polar(torch.ones_like(angles), angles), 1)
    self.spreading = torch.empty([0])
    if spread and kernel != 5:
      block = __torch__.spread.block(torch.size(weights["model.layers.0.mlp.down_proj.weight"], 1))
      self.spreading = torch.div(__torch__.spread.hadamard(block, embedding), torch.sqrt(block))
    qkv = annotate(List[__torch__.linear.Linear], [])
    out = annotate(List[__torch__.linear.Linear], [])
    gate_up = annotate(List[__torch__.linear.Linear], [])
    down = annotate(List[__torch__.linear.Linear], [])
    scale = 1.0 / torch.sqrt(head_dim)
    for i in range(layers):
      layer = torch.format("model.layers.{}.", i)
      attention = layer + "self_attn."
      feed_forward = layer + "mlp."
      q = torch.mul(__torch__.pairs(torch.to(weights[attention + "q_proj.weight"], 6), head_dim), scale)
      k = __torch__.pairs(torch.to(weights[attention + "k_proj.weight"], 6), head_dim)
      v = torch.to(weights[attention + "v_proj.weight"], 6)
      o = torch.to(weights[attention + "o_proj.weight"], 6)
      bias = annotate(Optional[Tensor], None)
      if torch.__contains__(weights, attention + "q_proj.bias"):
        q_bias = torch.mul(__torch__.pairs(torch.to(torch.unsqueeze(weights[attention + "q_proj.bias"], 1), 6), head_dim), scale)
        k_bias = __torch__.pairs(torch.to(torch.unsqueeze(weights[attention + "k_proj.bias"], 1), 6), head_dim)
        v_bias = torch.to(torch.unsqueeze(weights[attention + "v_proj.bias"], 1), 6)
        if spread:
          v_bias = __torch__.spread_heads(v_bias, head_dim)
        bias = torch.squeeze(torch.cat([q_bias, k_bias, v_bias]), 1)
      if spread:
        v = __torch__.spread_heads(v, head_dim)
        o = torch.t(__torch__.spread_heads(torch.t(o), head_dim))
      _0 = torch.append(qkv, __torch__.linear.Linear(__torch__.reading(torch.cat([q, k, v]), weights[layer + "input_layernorm.weight"], step, spread), bias, kernel, dtype, reduce_range))
      _1 = torch.append(out, __torch__.writing(o, __torch__.optional(weights, attention + "o_proj.bias"), spread, kernel, dtype, reduce_range))
      both = torch.cat([torch.to(weights[feed_forward + "gate_proj.weight"], 6), torch.to(weights[feed_forward + "up_proj.weight"], 6)])
      both_bias = annotate(Optional[Tensor], None)
      if torch.__contains__(weights, feed_forward + "gate_proj.bias"):
        both_bias = torch.cat([weights[feed_forward + "gate_proj.bias"], weights[feed_forward + "up_proj.bias"]])
      _2 = torch.append(gate_up, __torch__.linear.Linear(__torch__.reading(both, weights[layer + "post_attention_layernorm.weight"], step, spread), both_bias, kernel, dtype, reduce_range))
      last = torch.to(weights[feed_forward + "down_proj.weight"], 6)
      if kernel == 5:
        last = __torch__.spread.for_blocks(last)
      elif spread:
        last = __torch__.spread.blocks(torch.contiguous(last), self.spreading)
      _3 = torch.append(down, __torch__.writing(last, __torch__.optional(weights, feed_forward + "down_proj.bias"), spread, kernel, dtype, reduce_range))
    self.qkv = qkv
    self.out = out
    self.gate_up = gate_up
    self.down = down
    return None

  def reserve(self: __torch__.Model, slots: int, capacity: int, memory: List[Tensor], lengths: List[int]) -> NoneType:
    return self.cache[0].reserve(slots, capacity, memory, lengths, self.embedding)

  # Writes the weights of kernel 5 into memory as dev.diptych.kernel reads them, and the embeddings. One tensor [bytes] for each
  # linear layer, one for the embeddings and one for the spacing
  def export(self: __torch__.Model, memory: List[Tensor]) -> List[Tensor]:
    written = annotate(List[Tensor], [])
    for i in range(self.layers):
      _0 = torch.extend(written, self.qkv[i].panels(memory[4 * i]))
      _1 = torch.extend(written, self.out[i].panels(memory[4 * i + 1]))
      _2 = torch.extend(written, self.gate_up[i].panels(memory[4 * i + 2]))
      _3 = torch.extend(written, self.down[i].panels(memory[4 * i + 3]))
    _4 = torch.extend(written, self.head[0].panels(memory[4 * self.layers]))
    vocabulary, hidden = torch.size(self.embedding)
    table = torch.set_(torch.empty([0], dtype=5), memory[4 * self.layers + 1], 0, [vocabulary, hidden], [hidden, 1])
    _6 = torch.append(written, torch.copy_(table, self.embedding))
    kept = torch.set_(torch.empty([0], dtype=6), memory[4 * self.layers + 2], 0, [1], [1])
    _5 = torch.append(written, torch.copy_(kept, torch.view(self.spacing, [1])))
    return written

  def copy(self: __torch__.Model, source: int, target: int, length: int) -> NoneType:
    return self.cache[0].copy(source, target, length)

  # A step as attention.py's begin describes it: tokens and positions [tokens], slots [rows]; wanted: which of them have their
  # logits returned, in this order; all if there are no chunks and it is empty -> [wanted, vocabulary]
  def step(self: __torch__.Model, tokens: Tensor, slots: Tensor, positions: Tensor, groups: List[int], chunks: List[int], wanted: Tensor) -> Tensor:
    stream = __torch__.residual_stream(self.embedding, tokens, self.epsilon)
    x = torch.slice(stream, 1, 0, -1)                                               # [tokens, hidden]
    rotation = self.rotations(torch.index_select(self.rotation, 0, positions))
    step = self.cache[0].begin(slots, positions, groups, chunks, self.heads // self.kv_heads)
    for i in range(self.layers):
      a = self.cache[0].attend(i, self.rotated_qkv(x, stream, rotation, i), step)
      _0 = self.after_attention(x, stream, a, i)
    last = stream
    if torch.len(chunks) > 0 or torch.numel(wanted) > 0:
      last = torch.index_select(stream, 0, wanted)
    return torch.to(self.head[0].of_bounded(self.unit(torch.slice(last, 1, 0, -1), last)), 6)

  # Rotations of all heads' pairs, where those of values stay as they are: [tokens, 1, d / 2] -> [tokens, heads + 2 * kv_heads, d / 2]
  def rotations(self: __torch__.Model, rotation: Tensor) -> Tensor:
    tokens = torch.size(rotation, 0)
    pairs = torch.size(rotation, 2)
    turned = torch.expand(rotation, [tokens, self.heads + self.kv_heads, pairs])
    return torch.cat([turned, torch.ones([tokens, self.kv_heads, pairs], dtype=9, device=rotation.device)], 1)

  # Queries, keys and values of layer i, rotated: [tokens, heads + 2 * kv_heads, head_dim]
  def rotated_qkv(self: __torch__.Model, x: Tensor, stream: Tensor, rotation: Tensor, i: int) -> Tensor:
    qkv = torch.to(self.qkv[i].of_bounded(self.unit(x, stream)), 6)
    pairs = torch.view(qkv, [torch.size(qkv, 0), -1, self.head_dim // 2, 2])
    return torch.flatten(torch.view_as_real(torch.mul(torch.view_as_complex(pairs), rotation)), 2)

  # Rows of length 1 (a little less for epsilon) in steps: RMSNorm without its weight and sqrt(hidden), which are in the
  # layer that reads them, like the step. [tokens, hidden]
  def unit(self: __torch__.Model, x: Tensor, stream: Tensor) -> Tensor:
    length = torch.linalg_vector_norm(stream, 2, [1], True)
    if torch.numel(self.spacing) > 0:
      length = torch.mul(length, self.spacing)
    return torch.div(x, length)

  # The rest of layer i, added to x in place: a [tokens, heads * head_dim]
  def after_attention(self: __torch__.Model, x: Tensor, stream: Tensor, a: Tensor, i: int) -> NoneType:
    _0 = self.out[i].add_to(x, a)
    h = self.gate_up[i].of_bounded(self.unit(x, stream))
    _1 = self.down[i].add_to(x, __torch__.gated(h, self.spreading))
    return None

def optional(weights: Dict[str, Tensor], name: str) -> Optional[Tensor]:
  if torch.__contains__(weights, name):
    return weights[name]
  return None

# Reorders the rows of each head from (first halves, second halves) to pairs: [heads * head_dim, columns].
def pairs(weight: Tensor, head_dim: int) -> Tensor:
  halves = torch.reshape(weight, [-1, 2, head_dim // 2, torch.size(weight, 1)])
  return torch.reshape(torch.transpose(halves, 1, 2), [-1, torch.size(weight, 1)])

# Embeddings with one more column, sqrt(hidden * epsilon), so that the length of a row is sqrt(hidden) times the root mean
# square of RMSNorm, epsilon included: [tokens, hidden + 1]
def residual_stream(embedding: Tensor, tokens: Tensor, epsilon: float) -> Tensor:
  x = torch.to(torch.embedding(embedding, tokens), 6)
  column = torch.full([torch.size(tokens, 0), 1], torch.sqrt(torch.size(x, 1) * epsilon), dtype=6, device=x.device)
  return torch.cat([x, column], 1)

# The weight of a layer that reads the residual stream through a norm: [outputs, hidden]
def reading(weight: Tensor, norm: Tensor, step: float, spread: bool) -> Tensor:
  folded = torch.mul(torch.to(weight, 6), torch.mul(torch.to(norm, 6), torch.sqrt(torch.size(weight, 1)) * step))
  if spread:
    folded = __torch__.spread.rows(folded)
  return folded

# A layer that adds to the residual stream.
def writing(weight: Tensor, bias: Optional[Tensor], spread: bool, kernel: int, dtype: int, reduce_range: bool) -> __torch__.linear.Linear:
  if spread:
    if bias is not None:
      bias = __torch__.spread.rows(torch.to(bias, 6))
    weight = __torch__.spread.columns(weight)
  return __torch__.linear.Linear(weight, bias, kernel, dtype, reduce_range)

# Each head's rows in another basis: [heads * head_dim, columns]
def spread_heads(weight: Tensor, head_dim: int) -> Tensor:
  heads = torch.transpose(torch.reshape(weight, [-1, head_dim, torch.size(weight, 1)]), 1, 2)
  return torch.reshape(torch.transpose(__torch__.spread.rows(heads), 1, 2), torch.size(weight))

# The embeddings, in the basis of the residual stream: [vocabulary, hidden]
def table(embedding: Tensor, kernel: int, dtype: int) -> Tensor:
  if kernel >= 3:
    return __torch__.linear.kept(__torch__.spread.rows(torch.to(embedding, 6)), kernel, dtype)
  return __torch__.linear.kept(embedding, kernel, dtype)

# silu(gate) * up, overwrites gate: [tokens, 2 * intermediate] -> [tokens, intermediate]
def gated(h: Tensor, spreading: Tensor) -> Tensor:
  intermediate = torch.size(h, 1) // 2
  product = torch.mul(torch.silu_(torch.slice(h, 1, 0, intermediate)), torch.slice(h, 1, intermediate))
  if torch.numel(spreading) > 0:
    product = __torch__.spread.blocks(product, spreading)
  return product
