# A layer of a Transformer: attention and a feed-forward part, each joined to the stream of hidden states as
# behind(x + multiplier * after(part(before(x)))). Attention itself is the model's; a layer makes its queries, keys and values.
# The softmax scale is folded into the queries, a multiplier into what is written, and where all norms are root mean squares
# before the parts, their weights into the layers that read them.

# How the linear layers of a model compute.
class How:
  kernel : int                # of linear.py
  dtype : int                 # of the linear layers' inputs and outputs
  stream : int                # type of the hidden states between layers
  reduce_range : bool
  fold : bool                 # the norms before the parts go into the layers that read them
  spread : bool               # the stream and the values of each head are in another basis (spread.py), in which the columns
                              # of all weights and the channels of all activations are alike
  blocks : bool               # what each linear layer reads is spread in blocks of 32 by whoever computes it
  step : float                # of int8 values in a row of length 1 that is spread evenly; 1 for floats
  spacing : Tensor            # the same; empty for floats
  def __init__(self: __torch__.layer.How, kernel: int, dtype: int, stream: int, reduce_range: bool, fold: bool, spread: bool, blocks: bool, width: int) -> NoneType:
    self.kernel = kernel
    self.dtype = dtype
    self.stream = stream
    self.reduce_range = reduce_range
    self.fold = fold
    self.spread = spread
    self.blocks = blocks
    self.step = 1.0
    self.spacing = torch.empty([0])
    if spread:
      self.step = 3.7 / torch.sqrt(width) / __torch__.linear.levels(reduce_range)
      self.spacing = torch.full([], self.step, dtype=6)
    return None

  # A linear layer that reads the stream through a norm, which is folded into it if it is one that can be.
  def reading(self: __torch__.layer.How, weight: Tensor, bias: Optional[Tensor], norm: __torch__.norm.Norm) -> __torch__.linear.Linear:
    return __torch__.linear.Linear(self.through(weight, self.factor(norm)), bias, self.kernel, self.dtype, self.reduce_range)

  # What the columns of a weight are multiplied by that reads through a norm, which is folded by this; empty for nothing.
  def factor(self: __torch__.layer.How, norm: __torch__.norm.Norm) -> Tensor:
    if self.fold and norm.kind == 2:
      weight = norm.fold(self.spacing)
      return torch.mul(weight, torch.sqrt(torch.size(weight, 0)) * self.step)
    return torch.empty([0])

  # Such a weight, or some rows of it.
  def through(self: __torch__.layer.How, weight: Tensor, factor: Tensor) -> Tensor:
    if torch.numel(factor) > 0:
      folded = torch.mul(torch.to(weight, 6), factor)
      if self.spread:
        return __torch__.spread.rows(folded)
      return folded
    if self.blocks:
      return __torch__.spread.for_blocks(weight)
    return weight

  # A linear layer that writes to the stream.
  def writing(self: __torch__.layer.How, weight: Tensor, bias: Optional[Tensor], factor: float) -> __torch__.linear.Linear:
    if factor != 1.0:
      weight = torch.mul(torch.to(weight, 6), factor)
      if bias is not None:
        bias = torch.mul(torch.to(bias, 6), factor)
    if self.spread:
      if bias is not None:
        bias = __torch__.spread.rows(torch.to(bias, 6))
      return __torch__.linear.Linear(__torch__.spread.columns(weight), bias, self.kernel, self.dtype, self.reduce_range)
    return self.plain(weight, bias)

  # A linear layer as it is.
  def plain(self: __torch__.layer.How, weight: Tensor, bias: Optional[Tensor]) -> __torch__.linear.Linear:
    if self.blocks:
      weight = __torch__.spread.for_blocks(weight)
    return __torch__.linear.Linear(weight, bias, self.kernel, self.dtype, self.reduce_range)

class Layer:
  heads : int
  kv_heads : int
  head_width : int
  rotary : int                # number of its rotations; -1 for none
  window : int                # number of its window among the model's
  scale : float               # of attention, which is in the queries already
  softcap : float             # 0 for none
  causal : bool
  parallel : bool
  gated : bool
  activation : int            # 0 none, 1 silu, 2 gelu, 3 gelu by a hyperbolic tangent, 4 relu, 5 hyperbolic tangent
  head_norm : int             # of queries and keys: 0 none, 1 of each head, 2 of all heads as one row
  head_norm_kind : int        # as in norm.py
  head_norm_epsilon : float
  head_weight : Tensor        # [heads + kv_heads, head_width]
  head_bias : Tensor          # the same; empty without
  before_attention : __torch__.norm.Norm
  after_attention : __torch__.norm.Norm
  behind_attention : __torch__.norm.Norm
  before_feed_forward : __torch__.norm.Norm
  after_feed_forward : __torch__.norm.Norm
  behind_feed_forward : __torch__.norm.Norm
  qkv : __torch__.linear.Linear         # width -> (heads + 2 * kv_heads) * head_width
  out : __torch__.linear.Linear         # heads * head_width -> width
  up : __torch__.linear.Linear          # width -> inner width; gated twice that, the gate first
  down : __torch__.linear.Linear        # inner width -> width
  spreading : Tensor          # [32, 32]: spreads what goes into down; empty for not
  def __init__(self: __torch__.layer.Layer, weights: Dict[str, Tensor], options: Dict[str, float], how: __torch__.layer.How) -> NoneType:
    self.heads = int(options["attention.heads"])
    self.kv_heads = int(options["attention.key_value_heads"])
    self.head_width = int(options["attention.head_width"])
    self.rotary = int(options["attention.rotary"])
    self.window = int(options["attention.window"])
    self.scale = options["attention.scale"]
    self.softcap = options["attention.softcap"]
    self.causal = options["attention.causal"] > 0.0
    self.parallel = options["parallel"] > 0.0
    self.gated = options["feed_forward.gated"] > 0.0
    self.activation = int(options["feed_forward.activation"])
    attention_multiplier = options["attention.multiplier"]
    multiplier = options["feed_forward.multiplier"]
    self.before_attention = __torch__.norm.Norm(weights, options, "attention.norm_before", how.stream, 1.0)
    self.after_attention = __torch__.norm.Norm(weights, options, "attention.norm_after", how.stream, attention_multiplier)
    self.behind_attention = __torch__.norm.Norm(weights, options, "attention.norm_behind", how.stream, 1.0)
    self.before_feed_forward = __torch__.norm.Norm(weights, options, "feed_forward.norm_before", how.stream, 1.0)
    self.after_feed_forward = __torch__.norm.Norm(weights, options, "feed_forward.norm_after", how.stream, multiplier)
    self.behind_feed_forward = __torch__.norm.Norm(weights, options, "feed_forward.norm_behind", how.stream, 1.0)
    if self.after_attention.kind > 0:
      attention_multiplier = 1.0
    if self.after_feed_forward.kind > 0:
      multiplier = 1.0
    width = int(options["attention.rotary_width"])
    self.head_norm = int(options["attention.head_norm"])
    self.head_norm_kind = 0
    self.head_norm_epsilon = 0.0
    self.head_weight = torch.empty([0])
    self.head_bias = torch.empty([0])
    scale = self.scale
    if self.head_norm > 0:
      scale = 1.0
      self.head_norm_kind = int(options["attention.query_norm"])
      self.head_norm_epsilon = options["attention.query_norm.epsilon"]
      self.head_weight = self.of_heads(weights, "weight", width, options["attention.query_norm.plus"])
      if torch.__contains__(weights, "attention.query_norm.bias"):
        self.head_bias = self.of_heads(weights, "bias", width, 0.0)
    q = torch.mul(self.ordered(weights["attention.query.weight"], width), scale)
    k = self.ordered(weights["attention.key.weight"], width)
    v = torch.to(weights["attention.value.weight"], 6)
    o = weights["attention.output.weight"]
    bias = annotate(Optional[Tensor], None)
    if torch.__contains__(weights, "attention.query.bias"):
      q_bias = torch.mul(self.ordered(torch.unsqueeze(weights["attention.query.bias"], 1), width), scale)
      k_bias = self.ordered(torch.unsqueeze(weights["attention.key.bias"], 1), width)
      v_bias = torch.to(torch.unsqueeze(weights["attention.value.bias"], 1), 6)
      if how.spread:
        v_bias = __torch__.layer.spread_heads(v_bias, self.head_width)
      bias = torch.squeeze(torch.cat([q_bias, k_bias, v_bias]), 1)
    if how.spread:
      v = __torch__.layer.spread_heads(v, self.head_width)
      o = torch.t(__torch__.layer.spread_heads(torch.t(torch.to(o, 6)), self.head_width))
    self.qkv = how.reading(torch.cat([q, k, v]), bias, self.before_attention)
    self.out = how.writing(o, __torch__.layer.optional(weights, "attention.output.bias"), attention_multiplier)
    up = weights["feed_forward.up.weight"]
    up_bias = __torch__.layer.optional(weights, "feed_forward.up.bias")
    if self.gated:
      up = torch.cat([torch.to(weights["feed_forward.gate.weight"], 6), torch.to(up, 6)])
      if up_bias is not None:
        up_bias = torch.cat([weights["feed_forward.gate.bias"], up_bias])
    self.up = how.reading(up, up_bias, self.before_feed_forward)
    down = weights["feed_forward.down.weight"]
    self.spreading = torch.empty([0])
    if how.spread:
      down = torch.to(down, 6)
      if how.kernel == 5:
        down = __torch__.spread.for_blocks(down)
      else:
        block = __torch__.spread.block(torch.size(down, 1))
        self.spreading = torch.div(__torch__.spread.hadamard(block, down), torch.sqrt(block))
        down = __torch__.spread.blocks(torch.contiguous(down), self.spreading)
    self.down = how.writing(down, __torch__.layer.optional(weights, "feed_forward.down.bias"), multiplier)
    return None

  # A weight of queries or keys in the order in which pairs rotate, float32: [heads * head_width, columns]
  def ordered(self: __torch__.layer.Layer, weight: Tensor, width: int) -> Tensor:
    if width == 0:
      return torch.to(weight, 6)
    return __torch__.rotary.pairs(torch.to(weight, 6), self.head_width, width)

  # A parameter of the norms of queries and keys for each head, the scale of attention with that of queries:
  # [heads + kv_heads, head_width]
  def of_heads(self: __torch__.layer.Layer, weights: Dict[str, Tensor], parameter: str, width: int, plus: float) -> Tensor:
    q = torch.add(torch.to(weights["attention.query_norm." + parameter], 6), plus)
    k = torch.add(torch.to(weights["attention.key_norm." + parameter], 6), plus)
    q = torch.mul(self.ordered(torch.unsqueeze(q, 1), width), self.scale)
    k = self.ordered(torch.unsqueeze(k, 1), width)
    q = torch.expand(torch.view(q, [-1, self.head_width]), [self.heads, self.head_width])
    k = torch.expand(torch.view(k, [-1, self.head_width]), [self.kv_heads, self.head_width])
    return torch.cat([q, k])

  # What attention reads, queries scaled, not yet rotated: h [tokens, width] -> [tokens, heads + 2 * kv_heads, head_width]
  def queries_keys_values(self: __torch__.layer.Layer, h: Tensor, dtype: int) -> Tensor:
    if self.before_attention.kind == 3:
      qkv = self.qkv.of_bounded(h)
    else:
      qkv = self.qkv.forward(h)
    if self.head_norm > 0:
      qkv = torch.to(qkv, 6)
    qkv = torch.view(qkv, [torch.size(qkv, 0), -1, self.head_width])
    if self.head_norm > 0:
      _0 = self.normalise(qkv)
    return torch.to(qkv, dtype)

  # Normalises queries and keys in place.
  def normalise(self: __torch__.layer.Layer, qkv: Tensor) -> NoneType:
    both = torch.slice(qkv, 1, 0, self.heads + self.kv_heads)
    if self.head_norm_kind == 1:
      _0 = torch.sub_(both, torch.mean(both, [2], True))
    if self.head_norm == 1:
      _1 = torch.copy_(both, __torch__.norm.unit(both, [2], self.head_norm_epsilon))
    else:
      q = torch.slice(both, 1, 0, self.heads)
      k = torch.slice(both, 1, self.heads)
      _2 = torch.copy_(q, __torch__.norm.unit(q, [1, 2], self.head_norm_epsilon))
      _3 = torch.copy_(k, __torch__.norm.unit(k, [1, 2], self.head_norm_epsilon))
    _4 = torch.mul_(both, self.head_weight)
    if torch.numel(self.head_bias) > 0:
      _5 = torch.add_(both, self.head_bias)
    return None

  # h [tokens, width] -> [tokens, inner width]
  def inner(self: __torch__.layer.Layer, h: Tensor) -> Tensor:
    if not self.gated:
      if self.activation == 2:
        return self.up.gelu(h, "none")
      if self.activation == 3:
        return self.up.gelu(h, "tanh")
    if self.before_feed_forward.kind == 3:
      up = self.up.of_bounded(h)
    else:
      up = self.up.forward(h)
    if not self.gated:
      return __torch__.layer.activated(up, self.activation)
    width = torch.size(up, 1) // 2
    product = torch.mul(__torch__.layer.activated(torch.slice(up, 1, 0, width), self.activation), torch.slice(up, 1, width))
    if torch.numel(self.spreading) > 0:
      product = __torch__.spread.blocks(product, self.spreading)
    return product

def optional(weights: Dict[str, Tensor], name: str) -> Optional[Tensor]:
  if torch.__contains__(weights, name):
    return weights[name]
  return None

# A function of each element, which may overwrite it.
def activated(x: Tensor, activation: int) -> Tensor:
  if activation == 1:
    return torch.silu_(x)
  if activation == 2:
    return torch.gelu(x, approximate="none")
  if activation == 3:
    return torch.gelu(x, approximate="tanh")
  if activation == 4:
    return torch.relu(x)
  if activation == 5:
    return torch.tanh(x)
  return x

# Each head's rows in another basis: [heads * head_width, columns]
def spread_heads(weight: Tensor, head_width: int) -> Tensor:
  heads = torch.transpose(torch.reshape(weight, [-1, head_width, torch.size(weight, 1)]), 1, 2)
  return torch.reshape(torch.transpose(__torch__.spread.rows(heads), 1, 2), torch.size(weight))
