# A linear layer that hides which kernel computes it, and the functions that build one.
#
# kernel 0: torch.linear, any device
# kernel 1: oneDNN with a weight reordered once; adds gelu or a residual in the same pass. In bfloat16, a weight whose
#           values lie on 4-bit grids, as they do after the import of a 4-bit GGUF, is kept in that form too: for a few
#           rows, reading a quarter of the memory counts more than anything else
# kernel 2: FBGEMM, int8 weights and activations; one scale per output channel and one per token, so that no token's
#           result depends on another's
# kernel 3: int8 weights, bfloat16 activations

class Linear:
  kernel : int
  dtype : int                 # of the input and the output: 6 float32, 15 bfloat16
  weight : Tensor             # [outputs, inputs]; in oneDNN's own order for kernel 1, int8 for kernel 3, empty for kernel 2
  blocks : Tensor             # the 4-bit form of a kernel 1 weight; empty without
  scale : Tensor              # [outputs] for kernel 3; [inputs / 32, outputs, 2] for the 4-bit form
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
    self.blocks = torch.empty([0])
    self.scale = torch.empty([0])
    self.sentinel = torch.empty([0])
    if kernel == 0:
      self.weight = torch.contiguous(torch.to(weight, dtype))
    if kernel == 1:
      self.weight = ops.mkldnn._reorder_linear_weight(torch.contiguous(torch.to(weight, dtype)), 8)
      if __torch__.linear.on_four_bit_grid(weight, bias, dtype):
        self.blocks, self.scale = __torch__.linear.four_bit(torch.to(weight, 6))
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
      if torch.numel(self.blocks) > 0:
        if torch.size(x, 0) < 4:
          return torch._weight_int4pack_mm_for_cpu(torch.to(x, self.dtype), self.blocks, 32, self.scale)
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

# A table that is looked up. Every kernel but 0 has copies of the weights; then this is one too, so that nothing holds the
# mapped file and its pages.
def kept(table: Tensor, kernel: int) -> Tensor:
  if kernel == 0:
    return table
  return torch.clone(table)

# Symmetric int8, one scale per row of [outputs, inputs].
def quantise(weight: Tensor) -> Tuple[Tensor, Tensor]:
  exact = torch.to(weight, 6)
  scale = torch.clamp_min(torch.div(torch.amax(torch.abs(exact), [1]), 127.0), 1.0e-12)
  return (torch.contiguous(torch.to(torch.round(torch.div(exact, torch.unsqueeze(scale, 1))), 1)), scale)

# The grid of each block of 32 inputs: its lowest value and the step to the next of 16, both [outputs, inputs / 32, 1].
def grid(weight: Tensor) -> Tuple[Tensor, Tensor]:
  groups = torch.reshape(weight, [torch.size(weight, 0), -1, 32])
  low = torch.amin(groups, [2], True)
  return (low, torch.clamp_min(torch.div(torch.sub(torch.amax(groups, [2], True), low), 15.0), 1.0e-12))

# Whether 16 values per block of 32 inputs are all that a weight holds. The first rows decide: a weight that was never
# quantised fails in all of them.
def on_four_bit_grid(weight: Tensor, bias: Optional[Tensor], dtype: int) -> bool:
  if bias is not None or dtype != 15 or torch.size(weight, 1) % 32 != 0 or torch.size(weight, 0) % 64 != 0:
    return False
  for rows in [64, torch.size(weight, 0)]:
    sample = torch.to(torch.slice(weight, 0, 0, rows), 6)
    low, step = __torch__.linear.grid(sample)
    steps = torch.div(torch.sub(torch.reshape(sample, [rows, -1, 32]), low), step)
    if float(torch.amax(torch.abs(torch.sub(steps, torch.round(steps))))) > 0.01:
      return False
  return True

# [outputs, inputs] as libtorch's 4-bit matrix product wants it: packed nibbles, and the step and middle of every block.
def four_bit(weight: Tensor) -> Tuple[Tensor, Tensor]:
  low, step = __torch__.linear.grid(weight)
  groups = torch.reshape(weight, [torch.size(weight, 0), -1, 32])
  nibbles = torch.reshape(torch.round(torch.div(torch.sub(groups, low), step)), [torch.size(weight, 0), -1])
  packed = torch._convert_weight_to_int4pack_for_cpu(torch.contiguous(torch.to(nibbles, 3)), 1)
  middle = torch.add(low, torch.mul(step, 8.0))
  return (packed, torch.contiguous(torch.to(torch.transpose(torch.cat([step, middle], 2), 0, 1), 15)))

# FBGEMM quantises a whole input with one scale. Every token is divided by its own largest value first, and a sentinel
# row holds 1 and -1, so that the common scale is always the same and the tokens stay independent of each other.
def int8(x: Tensor, packed: __torch__.torch.classes.quantized.LinearPackedParamsBase, bias: Optional[Tensor], sentinel: Tensor, reduce_range: bool) -> Tensor:
  largest = torch.clamp_min_(torch.amax(torch.abs(x), [1], True), 1.0e-30)   # [rows, 1]
  unit = torch.cat([torch.div(x, largest), sentinel])                        # [rows + 1, inputs]
  y = torch.slice(ops.quantized.linear_dynamic(unit, packed, reduce_range), 0, 0, torch.size(x, 0))
  if bias is None:
    return torch.mul_(y, largest)
  return torch.addcmul(bias, y, largest)
