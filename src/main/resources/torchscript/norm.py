# How rows of hidden states are normalised.
#
# kind 0: not at all
# kind 1: layer norm
# kind 2: root mean square
# kind 3: root mean square whose weight and root of the width are in the layer that reads it. The stream has one column more,
#         sqrt(width * epsilon), so that the length of a row is sqrt(width) times the root mean square, epsilon included

class Norm:
  kind : int
  epsilon : float
  weight : Tensor             # [width]; empty for kinds 0 and 3
  bias : Optional[Tensor]     # [width]
  spacing : Tensor            # for kind 3: of int8 values in a row of length 1 that is spread evenly; empty for floats
  def __init__(self: __torch__.norm.Norm, weights: Dict[str, Tensor], options: Dict[str, float], name: str, dtype: int, factor: float) -> NoneType:
    self.kind = 0
    self.epsilon = 0.0
    self.weight = torch.empty([0])
    self.bias = annotate(Optional[Tensor], None)
    self.spacing = torch.empty([0])
    if torch.__contains__(options, name):
      self.kind = int(options[name])
      self.epsilon = options[name + ".epsilon"]
      self.weight = __torch__.norm.times(torch.add(torch.to(weights[name + ".weight"], 6), options[name + ".plus"]), factor, dtype)
      if torch.__contains__(weights, name + ".bias"):
        self.bias = __torch__.norm.times(weights[name + ".bias"], factor, dtype)
    return None

  # What the layer that reads the rows must know of it; from then on rows have length 1, in steps of spacing.
  def fold(self: __torch__.norm.Norm, spacing: Tensor) -> Tensor:
    weight = self.weight
    self.kind = 3
    self.weight = torch.empty([0])
    self.spacing = spacing
    return weight

  # x [tokens, width]; stream: x with its last column for kind 3
  def forward(self: __torch__.norm.Norm, x: Tensor, stream: Tensor) -> Tensor:
    if self.kind == 3:
      length = torch.linalg_vector_norm(stream, 2, [1], True)
      if torch.numel(self.spacing) > 0:
        length = torch.mul(length, self.spacing)
      return torch.div(x, length)
    if self.kind == 1:
      return torch.layer_norm(x, [torch.size(x, 1)], self.weight, self.bias, self.epsilon)
    if self.kind == 2:
      return torch.to(torch.mul(__torch__.norm.unit(torch.to(x, 6), [1], self.epsilon), self.weight), x)
    return x

# Rows divided by their root mean square over some dimensions.
def unit(x: Tensor, dimensions: List[int], epsilon: float) -> Tensor:
  return torch.mul(x, torch.rsqrt(torch.add(torch.mean(torch.mul(x, x), dimensions, True), epsilon)))

# A parameter times a number, in memory of its own.
def times(weight: Tensor, factor: float, dtype: int) -> Tensor:
  if factor != 1.0:
    weight = torch.mul(torch.to(weight, 6), factor)
  return __torch__.linear.copied(weight, dtype)
