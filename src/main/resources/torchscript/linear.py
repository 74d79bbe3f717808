# A linear layer that hides which kernel computes it, and the functions that build one.
#
# kernel 0: torch.linear, any device
# kernel 1: oneDNN with a weight reordered once; adds gelu or a residual in the same pass
# kernel 2: FBGEMM, int8 weights and activations; one scale per output channel and one per token, so that no token's
#           result depends on another's
# kernel 3: int8 weights, bfloat16 activations

class Linear:
  kernel : int
  dtype : int                 # of the input and the output: 6 float32, 15 bfloat16
  weight : Tensor             # [outputs, inputs]; in oneDNN's own order for kernel 1, int8 for kernel 3, empty for kernel 2
  scale : Tensor              # [outputs] for kernel 3
  bias : Optional[Tensor]     # [outputs]
  packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]
  sentinel : Tensor           # [1, inputs] for kernel 2: 1, -1, 0, 0 …
  reduce_range : bool
  def __init__(self: __torch__.linear.Linear, weight: Tensor, bias: Optional[Tensor], kernel: int, dtype: int, reduce_range: bool) -> NoneType:
    self.kernel = kernel
    self.dtype = dtype
    self.bias = bias
    self.reduce_range = reduce_range
    self.packed = annotate(List[__torch__.torch.classes.quantized.LinearPackedParamsBase], [])
    self.weight = torch.empty([0])
    self.scale = torch.empty([0])
    self.sentinel = torch.empty([0])
    if kernel == 0:
      self.weight = torch.contiguous(torch.to(weight, dtype))
    if kernel == 1:
      self.weight = ops.mkldnn._reorder_linear_weight(torch.contiguous(torch.to(weight, dtype)), 8)
    if kernel == 2:
      rounded, scale = __torch__.linear.quantise(weight)
      quantised = torch._make_per_channel_quantized_tensor(rounded, scale, torch.zeros_like(scale, dtype=4), 0)
      self.packed = [ops.quantized.linear_prepack(quantised, None)]
      self.sentinel = torch.cat([torch.ones([1, 1]), torch.neg(torch.ones([1, 1])), torch.zeros([1, torch.size(weight, 1) - 2])], 1)
    if kernel == 3:
      rounded, scale = __torch__.linear.quantise(weight)
      self.weight = rounded
      self.scale = torch.to(scale, dtype)
    if bias is not None:
      self.bias = torch.to(bias, dtype)
    return None

  # [rows, inputs] -> [rows, outputs]
  def forward(self: __torch__.linear.Linear, x: Tensor) -> Tensor:
    if self.kernel == 1:
      return ops.mkldnn._linear_pointwise(torch.to(x, self.dtype), self.weight, self.bias, "none", annotate(List[Optional[number]], []), "")
    if self.kernel == 2:
      return __torch__.linear.int8(x, self.packed[0], self.bias, self.sentinel, self.reduce_range)
    if self.kernel == 3:
      y = torch._weight_int8pack_mm(torch.to(x, self.dtype), self.weight, self.scale)
      bias = self.bias
      if bias is not None:
        y = torch.add_(y, bias)
      return y
    return torch.linear(torch.to(x, self.dtype), self.weight, self.bias)

  # gelu(linear(x)); approximate is "none" or "tanh"
  def gelu(self: __torch__.linear.Linear, x: Tensor, approximate: str) -> Tensor:
    if self.kernel == 1:
      return ops.mkldnn._linear_pointwise(torch.to(x, self.dtype), self.weight, self.bias, "gelu", annotate(List[Optional[number]], []), approximate)
    return torch.gelu(self.forward(x), approximate=approximate)

  # linear(x) + residual
  def add(self: __torch__.linear.Linear, x: Tensor, residual: Tensor) -> Tensor:
    if self.kernel == 1:
      return ops.mkldnn._linear_pointwise(torch.to(x, self.dtype), residual, self.weight, self.bias, "add")
    return torch.add(self.forward(x), residual)

# Symmetric int8, one scale per row of [outputs, inputs].
def quantise(weight: Tensor) -> Tuple[Tensor, Tensor]:
  exact = torch.to(weight, 6)
  scale = torch.clamp_min(torch.div(torch.amax(torch.abs(exact), [1]), 127.0), 1.0e-12)
  return (torch.contiguous(torch.to(torch.round(torch.div(exact, torch.unsqueeze(scale, 1))), 1)), scale)

# FBGEMM quantises a whole input with one scale. Every token is divided by its own largest value first, and a sentinel
# row holds 1 and -1, so that the common scale is always the same and the tokens stay independent of each other.
def int8(x: Tensor, packed: __torch__.torch.classes.quantized.LinearPackedParamsBase, bias: Optional[Tensor], sentinel: Tensor, reduce_range: bool) -> Tensor:
  largest = torch.clamp_min_(torch.amax(torch.abs(x), [1], True), 1.0e-30)   # [rows, 1]
  unit = torch.cat([torch.div(x, largest), sentinel])                        # [rows + 1, inputs]
  y = torch.slice(ops.quantized.linear_dynamic(unit, packed, reduce_range), 0, 0, torch.size(x, 0))
  if bias is None:
    return torch.mul_(y, largest)
  return torch.addcmul(bias, y, largest)
