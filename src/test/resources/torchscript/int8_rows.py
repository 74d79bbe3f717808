class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : List[__torch__.linear.Linear]

  def init(self: __torch__.Model, kernel: int, outputs: int, inputs: int, reduce_range: bool) -> NoneType:
    weight = torch.sin(torch.reshape(torch.arange(outputs * inputs, dtype=6), [outputs, inputs]))
    self.layers = [__torch__.linear.Linear(weight, torch.cos(torch.arange(outputs, dtype=6)), kernel, 6, reduce_range)]
    return None

  # The first of rows, computed beside the others: [1, outputs]
  def first(self: __torch__.Model, rows: int, inputs: int, bounded: bool) -> Tensor:
    x = torch.mul(torch.sin(torch.mul(torch.reshape(torch.arange(rows * inputs, dtype=6), [rows, inputs]), 0.37)), 150.0)
    if bounded:
      x = torch.add(torch.floor(x), 0.4999999)                                        # where roundings differ first
      return torch.contiguous(torch.slice(self.layers[0].of_bounded(x), 0, 0, 1))
    return torch.contiguous(torch.slice(self.layers[0].forward(x), 0, 0, 1))
