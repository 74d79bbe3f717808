# A linear layer that hides which kernel computes it, and the functions that build one.
#
# kernel 0: torch.linear, any device
# kernel 1: oneDNN with a weight reordered once; adds gelu or a residual in the same pass
# kernel 2: FBGEMM, int8 weights with one scale per output channel, int8 activations with one scale per row. Sums are
#           exact integers, so that a row's result is the same bit for bit whatever rows are beside it

class Linear:
  kernel : int
  dtype : int                 # of the input and the output: 6 float32, 15 bfloat16
  weight : Tensor             # [outputs, inputs]; in oneDNN's own order for kernel 1, empty for kernel 2
  bias : Optional[Tensor]     # [outputs]
  packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]
  levels : int                # of an activation on either side of zero, for kernel 2
  def __init__(self: __torch__.linear.Linear, weight: Tensor, bias: Optional[Tensor], kernel: int, dtype: int, reduce_range: bool) -> NoneType:
    self.kernel = kernel
    self.dtype = dtype
    self.bias = bias
    self.packed = annotate(List[__torch__.torch.classes.quantized.LinearPackedParamsBase], [])
    self.weight = torch.empty([0])
    self.levels = 127
    if reduce_range:
      self.levels = 63
    if kernel == 0:
      self.weight = torch.contiguous(torch.to(weight, dtype))
    if kernel == 1:
      self.weight = ops.mkldnn._reorder_linear_weight(torch.contiguous(torch.to(weight, dtype)), 8)
    if kernel == 2:
      self.packed = [ops.quantized.linear_prepack(__torch__.linear.quantised(weight), None)]
    if bias is not None:
      self.bias = torch.to(bias, dtype)
    return None

  # [rows, inputs] -> [rows, outputs]
  def forward(self: __torch__.linear.Linear, x: Tensor) -> Tensor:
    if self.kernel == 1:
      return ops.mkldnn._linear_pointwise(torch.to(x, self.dtype), self.weight, self.bias, "none", annotate(List[Optional[number]], []), "")
    if self.kernel == 2:
      largest = torch.amax(torch.abs(x), [1], True)                                        # [rows, 1]
      y = self.int8(torch.div(x, largest), 1.0 / self.levels)
      bias = self.bias
      if bias is None:
        return torch.mul_(y, largest)
      return torch.addcmul(bias, y, largest)
    return torch.linear(torch.to(x, self.dtype), self.weight, self.bias)

  # The same for an input with hardly a value beyond a bound.
  def of_bounded(self: __torch__.linear.Linear, x: Tensor, bound: float) -> Tensor:
    if self.kernel == 2:
      y = self.int8(x, bound / self.levels)
      bias = self.bias
      if bias is not None:
        y = torch.add_(y, bias)
      return y
    return self.forward(x)

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

  # Adds linear(x) to a float32 residual in place.
  def add_to(self: __torch__.linear.Linear, residual: Tensor, x: Tensor) -> NoneType:
    if self.kernel == 2:
      largest = torch.amax(torch.abs(x), [1], True)                                        # [rows, 1]
      y = self.int8(torch.div(x, largest), 1.0 / self.levels)
      _0 = torch.addcmul_(residual, y, largest)
      bias = self.bias
      if bias is not None:
        _1 = torch.add_(residual, bias)
    else:
      _2 = torch.add_(residual, self.forward(x))
    return None

  # Activations become the integers 1 to 2 * levels + 1, where levels + 1 stands for zero.
  def int8(self: __torch__.linear.Linear, x: Tensor, step: float) -> Tensor:
    return ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(x, step, self.levels + 1, self.packed[0])

# A table that is looked up. Every kernel but 0 has copies of the weights; then this is one too, so that nothing holds the
# mapped file and its pages.
def kept(table: Tensor, kernel: int) -> Tensor:
  if kernel == 0:
    return table
  return torch.clone(table)

# Symmetric int8, one scale per row of [outputs, inputs].
def quantised(weight: Tensor) -> Tensor:
  exact = torch.to(weight, 6)
  scale = torch.clamp_min(torch.div(torch.amax(torch.abs(exact), [1]), 127.0), 1.0e-12)
  rounded = torch.contiguous(torch.to(torch.round(torch.div(exact, torch.unsqueeze(scale, 1))), 1))
  return torch._make_per_channel_quantized_tensor(rounded, scale, torch.zeros_like(scale, dtype=4), 0)
