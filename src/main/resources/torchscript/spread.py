# An orthogonal change of basis that spreads every value over all channels, so that no channel of an activation is far
# larger than the others and one int8 scale for a whole row is enough. A model computes the same in any basis if all
# weights that write to a stream are changed like those that read it. As QuaRot (Ashkboos et al. 2024, arXiv:2404.00456),
# with Hartley matrices, which exist for every width, instead of Hadamard matrices; but for blocks of 32.

# The change of basis along the last dimension, whose size may be any, of some rows after the other, so that what is between
# stays in caches: [..., width] -> [..., width]
def rows(x: Tensor) -> Tensor:
  flat = torch.reshape(x, [-1, torch.size(x, -1)])
  out = torch.empty_like(flat, dtype=6)
  block = 2048
  for b in range((torch.size(flat, 0) + block - 1) // block):
    some = torch.slice(flat, 0, b * block, (b + 1) * block)
    _0 = torch.copy_(torch.slice(out, 0, b * block, (b + 1) * block), __torch__.spread.mixed(__torch__.spread.mixed(torch.to(some, 6))))
  return torch.view(out, torch.size(x))

# One of the two rounds: random signs, then small transforms over two factors of the width instead of one large.
def mixed(x: Tensor) -> Tensor:
  width = torch.size(x, -1)
  inner = __torch__.spread.inner_factor(width)
  outer = width // inner
  places = torch.arange(width, dtype=6, device=x.device)
  signs = torch.add(torch.mul(torch.to(torch.ge(torch.sin(torch.mul(torch.mul(places, places), 0.7)), 0.0), 6), 2.0), -1.0)
  y = torch.matmul(torch.reshape(torch.mul(x, signs), [-1, outer, inner]), __torch__.spread.hartley(inner, x))
  y = torch.matmul(torch.transpose(y, 1, 2), __torch__.spread.hartley(outer, x))             # [..., inner, outer]
  return torch.reshape(y, torch.size(x))

# The same along the first dimension of a matrix: [width, columns] -> [width, columns]
def columns(x: Tensor) -> Tensor:
  return torch.t(__torch__.spread.rows(torch.contiguous(torch.t(x))))

# The discrete Hartley transform, symmetric and orthogonal: [n, n]
def hartley(n: int, like: Tensor) -> Tensor:
  places = torch.arange(n, dtype=7, device=like.device)
  angles = torch.mul(torch.outer(places, places), 6.283185307179586 / float(n))
  return torch.to(torch.div(torch.add(torch.cos(angles), torch.sin(angles)), torch.sqrt(n)), 6)

# The largest factor that is not above the square root.
def inner_factor(n: int) -> int:
  best = 1
  for i in range(1, int(torch.sqrt(n)) + 1):
    if n // i * i == n:
      best = i
  return best

# The size of the blocks in which values are spread that no weight can spread beforehand; 1 for a width that has none.
def block(width: int) -> int:
  if width // 32 * 32 == width:
    return 32
  return 1

# Spreads within blocks by a matrix: [..., width] -> [..., width]
def blocks(x: Tensor, matrix: Tensor) -> Tensor:
  return torch.view(torch.mm(torch.view(x, [-1, torch.size(matrix, 0)]), matrix), torch.size(x))

# The Hadamard matrix of ones and minus ones, for a power of two: [n, n]
def hadamard(n: int, like: Tensor) -> Tensor:
  matrix = torch.ones([1, 1], dtype=6, device=like.device)
  while torch.size(matrix, 0) < n:
    matrix = torch.cat([torch.cat([matrix, matrix], 1), torch.cat([matrix, torch.neg(matrix)], 1)])
  return matrix

# Columns as they must be for an input whose blocks of 32 are multiplied by a Hadamard matrix: [outputs, inputs] ->
# [outputs, inputs]
def for_blocks(weight: Tensor) -> Tensor:
  return __torch__.spread.blocks(torch.contiguous(torch.to(weight, 6)), torch.div(__torch__.spread.hadamard(32, weight), 32.0))
