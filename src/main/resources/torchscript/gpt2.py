# GPT-2: learned positions, LayerNorm before each half of a layer, gelu with tanh. As transformers'
# models/gpt2/modeling_gpt2.py. Its weights are stored [inputs, outputs]. The softmax scale is folded into the queries.

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  kernel : int
  head_dim : int
  epsilon : float
  embedding : Tensor                          # [vocabulary, hidden]
  positions : Tensor                          # [context, hidden]
  norms : List[Tensor]                        # per layer: weight, bias, weight, bias; then the last norm's
  qkv : List[__torch__.linear.Linear]         # hidden -> 3 * hidden
  out : List[__torch__.linear.Linear]         # hidden -> hidden
  up : List[__torch__.linear.Linear]          # hidden -> intermediate
  down : List[__torch__.linear.Linear]        # intermediate -> hidden
  head : List[__torch__.linear.Linear]        # hidden -> vocabulary
  cache : List[__torch__.attention.Cache]     # one

  def init(self: __torch__.Model, weights: Dict[str, Tensor], layers: int, heads: int, kv_heads: int, head_dim: int, epsilon: float, frequencies: Tensor, context: int, kernel: int, dtype: int, cache_dtype: int, reduce_range: bool, fused: bool) -> NoneType:
    self.layers = layers
    self.heads = heads
    self.kernel = kernel
    self.cache = [__torch__.attention.Cache(fused, layers, heads, head_dim, kernel > 0, cache_dtype)]
    self.head_dim = head_dim
    self.epsilon = epsilon
    self.embedding = __torch__.linear.kept(weights["wte.weight"], kernel, dtype)
    self.positions = __torch__.linear.kept(weights["wpe.weight"], kernel, dtype)
    head_weight = weights["wte.weight"]
    if torch.__contains__(weights, "lm_head.weight"):
      head_weight = weights["lm_head.weight"]
    self.head = [__torch__.linear.Linear(head_weight, None, kernel, dtype, reduce_range)]
    norms = annotate(List[Tensor], [])
    qkv = annotate(List[__torch__.linear.Linear], [])
    out = annotate(List[__torch__.linear.Linear], [])
    up = annotate(List[__torch__.linear.Linear], [])
    down = annotate(List[__torch__.linear.Linear], [])
    hidden = heads * head_dim
    scale = torch.ones([3 * hidden], device=self.embedding.device)
    _0 = torch.fill_(torch.slice(scale, 0, 0, hidden), 1.0 / torch.sqrt(head_dim))
    for i in range(layers):
      layer = torch.format("h.{}.", i)
      for norm in ["ln_1.weight", "ln_1.bias", "ln_2.weight", "ln_2.bias"]:
        _1 = torch.append(norms, __torch__.linear.copied(weights[layer + norm], 6))
      attention = torch.mul(torch.to(weights[layer + "attn.c_attn.weight"], 6), scale)
      attention_bias = torch.mul(torch.to(weights[layer + "attn.c_attn.bias"], 6), scale)
      _2 = torch.append(qkv, __torch__.linear.Linear(torch.t(attention), attention_bias, kernel, dtype, reduce_range))
      _3 = torch.append(out, __torch__.linear.Linear(torch.t(weights[layer + "attn.c_proj.weight"]), weights[layer + "attn.c_proj.bias"], kernel, dtype, reduce_range))
      _4 = torch.append(up, __torch__.linear.Linear(torch.t(weights[layer + "mlp.c_fc.weight"]), weights[layer + "mlp.c_fc.bias"], kernel, dtype, reduce_range))
      _5 = torch.append(down, __torch__.linear.Linear(torch.t(weights[layer + "mlp.c_proj.weight"]), weights[layer + "mlp.c_proj.bias"], kernel, dtype, reduce_range))
    _6 = torch.append(norms, __torch__.linear.copied(weights["ln_f.weight"], 6))
    _7 = torch.append(norms, __torch__.linear.copied(weights["ln_f.bias"], 6))
    self.norms = norms
    self.qkv = qkv
    self.out = out
    self.up = up
    self.down = down
    return None

  def reserve(self: __torch__.Model, slots: int, capacity: int, memory: List[Tensor], lengths: List[int]) -> NoneType:
    return self.cache[0].reserve(slots, capacity, memory, lengths, self.embedding)

  def copy(self: __torch__.Model, source: int, target: int, length: int) -> NoneType:
    return self.cache[0].copy(source, target, length)

  # x [tokens, hidden] through norm number n
  def norm(self: __torch__.Model, x: Tensor, n: int) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 1)], self.norms[2 * n], self.norms[2 * n + 1], self.epsilon)

  def feed_forward(self: __torch__.Model, x: Tensor, i: int) -> Tensor:
    return torch.add(x, self.down[i].forward(self.up[i].gelu(self.norm(x, 2 * i + 1), "tanh")))

  # A step as attention.py's begin describes it: tokens and positions [tokens], slots [rows]; wanted: which of them have their
  # logits returned, in this order; all if there are no chunks and it is empty -> [wanted, vocabulary]
  def step(self: __torch__.Model, tokens: Tensor, slots: Tensor, positions: Tensor, groups: List[int], chunks: List[int], wanted: Tensor) -> Tensor:
    count = torch.size(tokens, 0)
    x = torch.add(torch.to(torch.embedding(self.embedding, tokens), 6), torch.embedding(self.positions, positions))
    step = self.cache[0].begin(slots, positions, groups, chunks, 1)
    for i in range(self.layers):
      qkv = torch.view(torch.to(self.qkv[i].forward(self.norm(x, 2 * i)), 6), [count, 3 * self.heads, self.head_dim])
      x = self.feed_forward(torch.add(x, self.out[i].forward(self.cache[0].attend(i, qkv, step))), i)
    if torch.len(chunks) > 0 or torch.numel(wanted) > 0:
      x = torch.index_select(x, 0, wanted)
    return torch.to(self.head[0].forward(self.norm(x, 2 * self.layers)), 6)
