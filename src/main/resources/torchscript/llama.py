# Llama and its relatives: RMSNorm, rotary positions, grouped-query attention, gated feed-forward.
# As transformers' models/llama/modeling_llama.py. The softmax scale is folded into the queries, and rows of queries
# and keys are reordered so that the two dimensions that rotate together lie side by side and rotate as one complex number.
# The norms' weights are not folded into the layers that follow: their columns differ by orders of magnitude, which one
# int8 scale per row cannot hold.

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  kv_heads : int
  head_dim : int
  epsilon : float
  embedding : Tensor                          # [vocabulary, hidden]
  rotation : Tensor                           # [context, 1, head_dim / 2], complex
  gains : List[Tensor]                        # two per layer and a last one: norm weight * sqrt(hidden), [hidden]
  qkv : List[__torch__.linear.Linear]         # hidden -> (heads + 2 * kv_heads) * head_dim
  out : List[__torch__.linear.Linear]         # heads * head_dim -> hidden
  gate_up : List[__torch__.linear.Linear]     # hidden -> 2 * intermediate
  down : List[__torch__.linear.Linear]        # intermediate -> hidden
  head : List[__torch__.linear.Linear]        # hidden -> vocabulary
  caches : List[Tensor]

  def init(self: __torch__.Model, weights: Dict[str, Tensor], layers: int, heads: int, kv_heads: int, head_dim: int, epsilon: float, frequencies: Tensor, context: int, kernel: int, dtype: int, reduce_range: bool) -> NoneType:
    self.layers = layers
    self.heads = heads
    self.kv_heads = kv_heads
    self.head_dim = head_dim
    self.epsilon = epsilon
    embedding = weights["model.embed_tokens.weight"]
    hidden = torch.size(embedding, 1)
    root = torch.sqrt(hidden)
    self.embedding = __torch__.linear.kept(embedding, kernel)
    if torch.__contains__(weights, "lm_head.weight"):
      head_weight = weights["lm_head.weight"]
    else:
      head_weight = embedding
    self.head = [__torch__.linear.Linear(head_weight, None, kernel, dtype, reduce_range)]
    angles = torch.outer(torch.arange(context, dtype=6, device=embedding.device), torch.to(frequencies, 6))
    self.rotation = torch.unsqueeze(torch.polar(torch.ones_like(angles), angles), 1)
    gains = annotate(List[Tensor], [])
    qkv = annotate(List[__torch__.linear.Linear], [])
    out = annotate(List[__torch__.linear.Linear], [])
    gate_up = annotate(List[__torch__.linear.Linear], [])
    down = annotate(List[__torch__.linear.Linear], [])
    scale = 1.0 / torch.sqrt(head_dim)
    for i in range(layers):
      attention = torch.format("model.layers.{}.self_attn.", i)
      feed_forward = torch.format("model.layers.{}.mlp.", i)
      _4 = torch.append(gains, torch.mul(torch.to(weights[torch.format("model.layers.{}.input_layernorm.weight", i)], 6), root))
      q = torch.mul(__torch__.pairs(torch.to(weights[attention + "q_proj.weight"], 6), head_dim), scale)
      k = __torch__.pairs(torch.to(weights[attention + "k_proj.weight"], 6), head_dim)
      v = torch.to(weights[attention + "v_proj.weight"], 6)
      bias = annotate(Optional[Tensor], None)
      if torch.__contains__(weights, attention + "q_proj.bias"):
        q_bias = torch.mul(__torch__.pairs(torch.to(torch.unsqueeze(weights[attention + "q_proj.bias"], 1), 6), head_dim), scale)
        k_bias = __torch__.pairs(torch.to(torch.unsqueeze(weights[attention + "k_proj.bias"], 1), 6), head_dim)
        v_bias = torch.to(torch.unsqueeze(weights[attention + "v_proj.bias"], 1), 6)
        bias = torch.squeeze(torch.cat([q_bias, k_bias, v_bias]), 1)
      _0 = torch.append(qkv, __torch__.linear.Linear(torch.cat([q, k, v]), bias, kernel, dtype, reduce_range))
      _1 = torch.append(out, __torch__.linear.Linear(weights[attention + "o_proj.weight"], __torch__.optional(weights, attention + "o_proj.bias"), kernel, dtype, reduce_range))
      _5 = torch.append(gains, torch.mul(torch.to(weights[torch.format("model.layers.{}.post_attention_layernorm.weight", i)], 6), root))
      both = torch.cat([torch.to(weights[feed_forward + "gate_proj.weight"], 6), torch.to(weights[feed_forward + "up_proj.weight"], 6)])
      both_bias = annotate(Optional[Tensor], None)
      if torch.__contains__(weights, feed_forward + "gate_proj.bias"):
        both_bias = torch.cat([weights[feed_forward + "gate_proj.bias"], weights[feed_forward + "up_proj.bias"]])
      _2 = torch.append(gate_up, __torch__.linear.Linear(both, both_bias, kernel, dtype, reduce_range))
      _3 = torch.append(down, __torch__.linear.Linear(weights[feed_forward + "down_proj.weight"], __torch__.optional(weights, feed_forward + "down_proj.bias"), kernel, dtype, reduce_range))
    _6 = torch.append(gains, torch.mul(torch.to(weights["model.norm.weight"], 6), root))
    self.gains = gains
    self.qkv = qkv
    self.out = out
    self.gate_up = gate_up
    self.down = down
    return None

  def reserve(self: __torch__.Model, slots: int, capacity: int) -> NoneType:
    self.caches = __torch__.cache.resize(self.caches, self.layers, slots, self.kv_heads, capacity, self.head_dim, self.embedding)
    return None

  def copy(self: __torch__.Model, source: int, target: int, length: int) -> NoneType:
    return __torch__.cache.copy(self.caches, source, target, length, self.kv_heads)

  # tokens [tokens] -> logits of the last rows of them, [rows, vocabulary]
  def prefill(self: __torch__.Model, tokens: Tensor, slot: int, start: int, rows: int) -> Tensor:
    count = torch.size(tokens, 0)
    stream = __torch__.residual_stream(self.embedding, tokens, self.epsilon)
    x = torch.slice(stream, 1, 0, -1)                                               # [tokens, hidden]
    rotation = torch.slice(self.rotation, 0, start, start + count)
    mask = torch.empty([0])
    if start > 0:
      mask = __torch__.cache.prefill_mask(count, start, stream)
    for i in range(self.layers):
      qkv = torch.to(self.qkv[i].forward(__torch__.normalised(x, stream, self.gains[2 * i])), 6)
      qk, v = __torch__.rotate(qkv, rotation, self.heads, self.kv_heads, self.head_dim)
      q = torch.slice(qk, 1, 0, self.heads)
      k = torch.slice(qk, 1, self.heads)
      a = __torch__.cache.prefill_attention(self.caches[i], q, k, v, slot, start, mask)
      _0 = torch.add_(x, self.out[i].forward(a))
      h = self.gate_up[i].forward(__torch__.normalised(x, stream, self.gains[2 * i + 1]))
      _1 = torch.add_(x, self.down[i].forward(__torch__.gated(h)))
    last = torch.slice(stream, 0, count - rows)
    return torch.to(self.head[0].forward(__torch__.normalised(torch.slice(last, 1, 0, -1), last, self.gains[2 * self.layers])), 6)

  # One token for each of the first slots: tokens and positions [count] -> logits [count, vocabulary]
  def decode(self: __torch__.Model, tokens: Tensor, positions: Tensor, groups: List[int]) -> Tensor:
    stream = __torch__.residual_stream(self.embedding, tokens, self.epsilon)
    x = torch.slice(stream, 1, 0, -1)                                               # [count, hidden]
    count = torch.size(tokens, 0)
    rotation = torch.index_select(self.rotation, 0, positions)
    capacity = torch.size(self.caches[0], 1)
    key_rows = __torch__.cache.key_rows(positions, self.kv_heads, capacity)
    value_rows = torch.add(key_rows, torch.size(self.caches[0], 0) // 2 * capacity)
    masks = __torch__.cache.decode_masks(positions, groups, self.kv_heads)
    for i in range(self.layers):
      qkv = torch.to(self.qkv[i].forward(__torch__.normalised(x, stream, self.gains[2 * i])), 6)
      qk, v = __torch__.rotate(qkv, rotation, self.heads, self.kv_heads, self.head_dim)
      flat = torch.view(self.caches[i], [-1, self.head_dim])
      _0 = torch.index_copy_(flat, 0, key_rows, torch.reshape(torch.slice(qk, 1, self.heads), [-1, self.head_dim]))
      _1 = torch.index_copy_(flat, 0, value_rows, torch.reshape(v, [-1, self.head_dim]))
      a = __torch__.cache.decode_attention(self.caches[i], torch.slice(qk, 1, 0, self.heads), groups, masks, self.kv_heads)
      _2 = torch.add_(x, self.out[i].forward(a))
      h = self.gate_up[i].forward(__torch__.normalised(x, stream, self.gains[2 * i + 1]))
      _3 = torch.add_(x, self.down[i].forward(__torch__.gated(h)))
    return torch.to(self.head[0].forward(__torch__.normalised(x, stream, self.gains[2 * self.layers])), 6)

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

# RMSNorm: [tokens, hidden]
def normalised(x: Tensor, stream: Tensor, gain: Tensor) -> Tensor:
  return torch.mul_(torch.div(x, torch.linalg_vector_norm(stream, 2, [1], True)), gain)

# [tokens, (heads + 2 * kv_heads) * d] -> rotated queries and keys [tokens, heads + kv_heads, d], values [tokens, kv_heads, d]
def rotate(qkv: Tensor, rotation: Tensor, heads: int, kv_heads: int, d: int) -> Tuple[Tensor, Tensor]:
  split = torch.view(qkv, [torch.size(qkv, 0), heads + 2 * kv_heads, d // 2, 2])
  qk = torch.view_as_complex(torch.slice(split, 1, 0, heads + kv_heads))
  rotated = torch.view_as_real(torch.mul(qk, rotation))
  v = torch.slice(split, 1, heads + kv_heads)
  return (torch.flatten(rotated, 2), torch.flatten(v, 2))

# silu(gate) * up: [tokens, 2 * intermediate] -> [tokens, intermediate]
def gated(h: Tensor) -> Tensor:
  intermediate = torch.size(h, 1) // 2
  return torch.mul(torch.silu(torch.slice(h, 1, 0, intermediate)), torch.slice(h, 1, intermediate))
