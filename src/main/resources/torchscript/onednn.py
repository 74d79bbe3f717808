# Linear layers by oneDNN. A libtorch without it, as macOS has, does not know these operators, nor would it load a script that
# names them: without_onednn.py then stands in for this file.

# A weight [outputs, inputs] in the order that the others want.
def reordered(weight: Tensor) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(weight, 8)

# [rows, inputs] -> [rows, outputs]
def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")

# gelu(linear(x)); approximate is "none" or "tanh"
def gelu(x: Tensor, weight: Tensor, bias: Optional[Tensor], approximate: str) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", annotate(List[Optional[number]], []), approximate)

# linear(x) + residual
def add(x: Tensor, residual: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, residual, weight, bias, "add")
