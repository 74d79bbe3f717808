# Stands in for onednn.py where libtorch has no oneDNN: the same by operators that every libtorch has.

def reordered(weight: Tensor) -> Tensor:
  return weight

# [rows, inputs] -> [rows, outputs]
def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.linear(x, weight, bias)

# gelu(linear(x)); approximate is "none" or "tanh"
def gelu(x: Tensor, weight: Tensor, bias: Optional[Tensor], approximate: str) -> Tensor:
  return torch.gelu(torch.linear(x, weight, bias), approximate=approximate)

# linear(x) + residual
def add(x: Tensor, residual: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.add(torch.linear(x, weight, bias), residual)
