class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  scores : Tensor             # kept, as what nobody uses is not computed

  def init(self: __torch__.Model) -> NoneType:
    self.scores = torch.empty([0])
    return None

  # Scores of some heads over every length from first to before last
  def attend(self: __torch__.Model, heads: int, first: int, last: int) -> NoneType:
    for length in range(first, last):
      self.scores = torch.bmm(torch.zeros([heads, 3, 64], dtype=15), torch.zeros([heads, 64, length], dtype=15))
    return None
