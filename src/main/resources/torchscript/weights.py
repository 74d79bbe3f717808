# Maps a weight file and cuts tensors out of it.

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  # The whole file as one private, read-only mapping of elements of one type; no bytes are read.
  def map(self: __torch__.Model, path: str, elements: int, dtype: int) -> Tensor:
    return torch.from_file(path, False, elements, dtype=dtype)
  # A tensor inside a mapping, moved to the device; offset counts elements. target: the shape it gets.
  def view(self: __torch__.Model, file: Tensor, shape: List[int], stride: List[int], offset: int, target: List[int], device: str) -> Tensor:
    return torch.reshape(torch.to(torch.as_strided(file, shape, stride, offset), torch.device(device)), target)
  # Memory of elements of one type, to be filled from outside piece by piece.
  def empty(self: __torch__.Model, elements: int, dtype: int) -> Tensor:
    return torch.empty([elements], dtype=dtype)
  def piece(self: __torch__.Model, whole: Tensor, begin: int, end: int) -> Tensor:
    return torch.slice(whole, 0, begin, end)
