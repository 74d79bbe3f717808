class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def init(self: __torch__.Model) -> NoneType:
    return None

  # What each function computes of the same row, with a bias but once: [5, 48]
  def rows(self: __torch__.Model) -> Tensor:
    weight = torch.sin(torch.reshape(torch.arange(48 * 32, dtype=6), [48, 32]))
    bias = torch.cos(torch.arange(48, dtype=6))
    x = torch.sin(torch.reshape(torch.arange(32, dtype=6), [1, 32]))
    residual = torch.reshape(torch.arange(48, dtype=6), [1, 48])
    w = __torch__.onednn.reordered(weight)
    return torch.contiguous(torch.cat([__torch__.onednn.linear(x, weight, None), __torch__.onednn.linear(x, w, bias), __torch__.onednn.gelu(x, w, bias, "none"), __torch__.onednn.gelu(x, w, bias, "tanh"), __torch__.onednn.add(x, residual, w, bias)]))
