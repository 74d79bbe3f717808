# A linear layer that hides which kernel computes it, and the functions that build one.
#
# kernel 0: torch.linear, any device
# kernel 1: oneDNN with a weight reordered once; adds gelu or a residual in the same pass
# kernel 2: FBGEMM, float16 weights, which it widens as it multiplies; float32 activations
# kernel 3: FBGEMM, int8 weights with one scale per output channel, int8 activations with one scale per row. Sums are
#           exact integers, so that a row's result is the same bit for bit whatever rows are beside it
# kernel 4: the same by FBGEMM for a few rows and by oneDNN for more, on CPUs with AMX, whose instructions FBGEMM does not
#           know. Both give the same bits
# kernel 5: none; only what dev.diptych.kernel computes with is made

class Linear:
  kernel : int
  dtype : int                 # of the input and the output: 6 float32, 15 bfloat16
  weight : Tensor             # [outputs, inputs]; in oneDNN's own order for kernels 1 and 4, empty for 2 and 3, int8 for 5
  bias : Optional[Tensor]     # [outputs]; kernel 2 has packed it with the weight
  packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]
  scales : Tensor             # [outputs], for kernels 4 and 5
  zero_points : Tensor        # [outputs], for kernel 4: all are 0
  levels : int                # of an activation on either side of zero, for kernels 3 and 4
  inverse : Tensor            # of levels; operators take tensors sooner than numbers
  def __init__(self: __torch__.linear.Linear, weight: Tensor, bias: Optional[Tensor], kernel: int, dtype: int, reduce_range: bool) -> NoneType:
    self.kernel = kernel
    self.dtype = dtype
    self.bias = bias
    if bias is not None:
      self.bias = __torch__.linear.copied(bias, dtype)
    self.packed = annotate(List[__torch__.torch.classes.quantized.LinearPackedParamsBase], [])
    self.weight = torch.empty([0])
    self.scales = torch.empty([0])
    self.zero_points = torch.empty([0])
    self.levels = __torch__.linear.levels(reduce_range)
    self.inverse = torch.full([], 1.0 / self.levels, dtype=6)
    if kernel == 0:
      self.weight = torch.contiguous(torch.to(weight, dtype))
    if kernel == 1:
      self.weight = __torch__.onednn.reordered(torch.contiguous(torch.to(weight, dtype)))
    if kernel == 2:
      self.packed = [ops.quantized.linear_prepack_fp16(torch.contiguous(torch.to(weight, 6)), self.bias)]
    if kernel == 5:
      self.weight, self.scales = __torch__.linear.quantised(weight)
    elif kernel >= 3:
      rounded, scales = __torch__.linear.quantised(weight)
      quantised = torch._make_per_channel_quantized_tensor(rounded, scales, torch.zeros_like(scales, dtype=4), 0)
      self.packed = [ops.quantized.linear_prepack(quantised, None)]
      if kernel == 4:
        self.weight = ops.onednn.qlinear_prepack(rounded, annotate(Optional[List[int]], None))
        self.scales = scales
        self.zero_points = torch.zeros_like(scales, dtype=3)
    return None

  # [rows, inputs] -> [rows, outputs]
  def forward(self: __torch__.linear.Linear, x: Tensor) -> Tensor:
    if self.kernel == 1:
      return __torch__.onednn.linear(torch.to(x, self.dtype), self.weight, self.bias)
    if self.kernel == 2:
      return ops.quantized.linear_dynamic_fp16(x, self.packed[0])
    if self.kernel >= 3:
      step = torch.mul(torch.amax(torch.abs(x), [1], True), self.inverse)                  # [rows, 1]
      y = self.int8(torch.div(x, step))
      bias = self.bias
      if bias is None:
        return torch.mul_(y, step)
      return torch.addcmul(bias, y, step)
    return torch.linear(torch.to(x, self.dtype), self.weight, self.bias)

  # The same for an input with hardly a value beyond levels, which int8 cuts off; may overwrite it.
  def of_bounded(self: __torch__.linear.Linear, x: Tensor) -> Tensor:
    if self.kernel >= 3:
      y = self.int8(x)
      bias = self.bias
      if bias is not None:
        y = torch.add_(y, bias)
      return y
    return self.forward(x)

  # gelu(linear(x)); approximate is "none" or "tanh"
  def gelu(self: __torch__.linear.Linear, x: Tensor, approximate: str) -> Tensor:
    if self.kernel == 1:
      return __torch__.onednn.gelu(torch.to(x, self.dtype), self.weight, self.bias, approximate)
    return torch.gelu(self.forward(x), approximate=approximate)

  # linear(x) + residual
  def add(self: __torch__.linear.Linear, x: Tensor, residual: Tensor) -> Tensor:
    if self.kernel == 1:
      return __torch__.onednn.add(torch.to(x, self.dtype), residual, self.weight, self.bias)
    return torch.add(self.forward(x), residual)

  # Adds linear(x) to a float32 residual in place.
  def add_to(self: __torch__.linear.Linear, residual: Tensor, x: Tensor) -> NoneType:
    if self.kernel >= 3:
      step = torch.mul(torch.amax(torch.abs(x), [1], True), self.inverse)                  # [rows, 1]
      y = self.int8(torch.div(x, step))
      _0 = torch.addcmul_(residual, y, step)
      bias = self.bias
      if bias is not None:
        _1 = torch.add_(residual, bias)
    else:
      _2 = torch.add_(residual, self.forward(x))
    return None

  # x is in steps, is rounded to whole ones and may be overwritten. The result lacks the bias and the step. FBGEMM rounds
  # x + 128, which just below a half is not what x itself is rounded to; so does this for oneDNN.
  def int8(self: __torch__.linear.Linear, x: Tensor) -> Tensor:
    if self.kernel == 4 and torch.size(x, 0) >= 16:
      rounded = torch.to(torch.sub_(torch.round_(torch.clamp_(torch.add_(x, 128.0), 0.0, 255.0)), 128.0), 1)
      return ops.onednn.qlinear_pointwise(rounded, 1.0, 0, self.weight, self.scales, self.zero_points, None, 1.0, 0, 6, "none", annotate(List[Optional[number]], []), "")
    return ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(x, 1.0, self.levels + 1, self.packed[0])

  # Writes the weight of kernel 5 as dev.diptych.kernel reads it: panels of 16 outputs, of which each has the weights of 4
  # inputs side by side, plus 128; then for each panel 16 scales and the bias. memory [bytes] -> what was written, which must
  # be returned, as the compiler drops writes that nothing seems to read
  def panels(self: __torch__.linear.Linear, memory: Tensor) -> List[Tensor]:
    return self.panels_from(memory, 0, torch.size(self.weight, 0))

  # The same where these are the outputs from the first on, a multiple of 16, of a layer that has total ones
  def panels_from(self: __torch__.linear.Linear, memory: Tensor, first: int, total: int) -> List[Tensor]:
    outputs, inputs = torch.size(self.weight)
    count = (outputs + 15) // 16
    before = first // 16
    missing = 16 * count - outputs
    rounded = self.weight
    if missing > 0:
      rounded = torch.cat([rounded, torch.zeros([missing, inputs], dtype=1)])
    words = torch.set_(torch.empty([0], dtype=3), rounded, 0, [count, 16, inputs // 4], [4 * inputs, inputs // 4, 1])
    panels = torch.set_(torch.empty([0], dtype=3), memory, 4 * before * inputs, [count, inputs // 4, 16], [4 * inputs, 16, 1])
    _1 = torch.bitwise_xor_(torch.copy_(panels, torch.transpose(words, 1, 2)), -2139062144)
    scales = torch.set_(torch.empty([0], dtype=6), memory, 4 * ((total + 15) // 16) * inputs + 32 * before, [count, 2, 16], [32, 16, 1])
    of_outputs = torch.cat([self.scales, torch.zeros([missing], dtype=6)])
    _2 = torch.copy_(torch.select(scales, 1, 0), torch.view(of_outputs, [count, 16]))
    bias = self.bias
    if bias is not None:
      of_outputs = torch.cat([bias, torch.zeros([missing], dtype=6)])
      _3 = torch.copy_(torch.select(scales, 1, 1), torch.view(of_outputs, [count, 16]))
    return [panels, scales]

# How many steps an int8 activation has on either side of zero. Without VNNI, FBGEMM adds two products in 16 bits.
def levels(reduce_range: bool) -> int:
  if reduce_range:
    return 63
  return 127

# A weight in memory of its own, so that it holds neither the mapped file nor its pages.
def copied(weight: Tensor, dtype: int) -> Tensor:
  return torch.to(weight, dtype, False, True)

# A table that is looked up; kernel 0 looks it up in the file. In float16 unless all is float32, as that has more digits than
# bfloat16 at the same size.
def kept(table: Tensor, kernel: int, dtype: int) -> Tensor:
  if kernel == 0:
    return table
  if kernel == 1 and dtype == 6:
    return __torch__.linear.copied(table, 6)
  return __torch__.linear.copied(table, 5)

# Symmetric int8, one scale per row: [outputs, inputs] -> [outputs, inputs] and [outputs]
def quantised(weight: Tensor) -> Tuple[Tensor, Tensor]:
  rounded = torch.empty(torch.size(weight), dtype=1, device=weight.device)
  scales = torch.empty([torch.size(weight, 0)], dtype=6, device=weight.device)
  block = 2048
  for b in range((torch.size(weight, 0) + block - 1) // block):
    exact = torch.to(torch.slice(weight, 0, b * block, (b + 1) * block), 6)
    scale = torch.clamp_min(torch.div(torch.amax(torch.abs(exact), [1]), 127.0), 1.0e-12)
    _0 = torch.copy_(torch.slice(rounded, 0, b * block, (b + 1) * block), torch.round_(torch.div(exact, torch.unsqueeze(scale, 1))))
    _1 = torch.copy_(torch.slice(scales, 0, b * block, (b + 1) * block), scale)
  return (rounded, scales)
