# Disentangled attention (DeBERTa): the products of queries with the keys of distances, and of keys with the queries of
# distances, are added to those of queries and keys.

# What a layer knows of distances.
class Distances:
  keys : Tensor               # [heads, 2 * span, head_width]; empty if contents do not look at places
  queries : Tensor            # the same, scaled; empty if places do not look at contents
  def __init__(self: __torch__.disentangled.Distances, weights: Dict[str, Tensor], options: Dict[str, float], table: Tensor, dtype: int) -> NoneType:
    self.keys = torch.empty([0])
    self.queries = torch.empty([0])
    width = int(options["attention.head_width"])
    if options["attention.content_to_position"] > 0.0:
      self.keys = __torch__.disentangled.projected(weights, "key", table, width, 1.0, dtype)
    if options["attention.position_to_content"] > 0.0:
      self.queries = __torch__.disentangled.projected(weights, "query", table, width, options["attention.scale"], dtype)
    return None

  # run [inputs, 3 * heads, length, d] with scaled queries, mask [inputs, 1, 1 or length, length], rows as below
  # -> [inputs * length, heads * d]. Some inputs at a time: their scores are in memory
  def attention(self: __torch__.disentangled.Distances, run: Tensor, heads: int, mask: Tensor, rows: Tensor) -> Tensor:
    inputs, all_heads, length, d = torch.size(run)
    keys = self.keys
    if torch.numel(keys) > 0:
      keys = torch.transpose(torch.index_select(keys, 1, torch.flip(rows, [0])), 1, 2)       # [heads, d, 2 * length - 1]
    queries = self.queries
    if torch.numel(queries) > 0:
      queries = torch.transpose(torch.index_select(queries, 1, rows), 1, 2)
    together = 1 + 1048576 // (heads * length * length)
    parts = annotate(List[Tensor], [])
    for p in range((inputs + together - 1) // together):
      some = torch.transpose(torch.slice(run, 0, p * together, (p + 1) * together), 0, 1)
      count = torch.size(some, 1)
      q = torch.reshape(torch.slice(some, 0, 0, heads), [heads * count, length, d])
      k = torch.reshape(torch.slice(some, 0, heads, 2 * heads), [heads * count, length, d])
      v = torch.reshape(torch.slice(some, 0, 2 * heads), [heads * count, length, d])
      s = torch.bmm(q, torch.transpose(k, 1, 2))                                             # [heads * count, length, length]
      if torch.numel(keys) > 0:
        _0 = torch.add_(s, __torch__.disentangled.by_distance(q, keys))
      if torch.numel(queries) > 0:
        _1 = torch.add_(s, torch.transpose(__torch__.disentangled.by_distance(k, queries), 1, 2))
      hidden = torch.transpose(torch.slice(mask, 0, p * together, (p + 1) * together), 0, 1)
      _2 = torch.add_(torch.view(s, [heads, count, length, length]), torch.to(hidden, s))
      out = torch.view(torch.bmm(torch.softmax(s, 2), v), [heads, count, length, d])
      _3 = torch.append(parts, torch.reshape(torch.permute(out, [1, 2, 0, 3]), [count * length, heads * d]))
    if torch.len(parts) == 1:
      return parts[0]
    return torch.cat(parts)

# Which row of the table has each distance of a query to its key, from 1 - length to length - 1: [2 * length - 1].
# most: from which distance on they share the last row; 0 if each has its own
def rows(span: int, most: int, length: int, like: Tensor) -> Tensor:
  distance = torch.arange(1 - length, length, dtype=4, device=like.device)
  if most > 0:
    half = span // 2
    far = torch.to(torch.clamp_min(torch.abs(distance), half), 6)
    steps = torch.div(torch.log(torch.div(far, half)), torch.log(torch.full([], float(most - 1) / float(half), dtype=6, device=like.device)))
    shared = torch.add(torch.ceil(torch.mul(steps, half - 1)), half)
    shared = torch.to(torch.mul(shared, torch.sign(distance)), 4)
    distance = torch.where(torch.le(torch.abs(distance), half), distance, shared)
  return torch.clamp(torch.add(distance, span), 0, 2 * span - 1)

# Keys or queries of the rows of a table [2 * span, width], by the layer that is theirs or by that of contents.
def projected(weights: Dict[str, Tensor], part: str, table: Tensor, head_width: int, factor: float, dtype: int) -> Tensor:
  name = "attention.position_" + part
  if not torch.__contains__(weights, name + ".weight"):
    name = "attention." + part
  bias = __torch__.layer.optional(weights, name + ".bias")
  if bias is not None:
    bias = torch.to(bias, 6)
  x = torch.mul(torch.linear(table, torch.to(weights[name + ".weight"], 6), bias), factor)
  return torch.contiguous(torch.to(torch.transpose(torch.view(x, [torch.size(x, 0), -1, head_width]), 0, 1), dtype))

# Products of x [heads * count, length, d] with rows by distance [heads, d, 2 * length - 1]: what row i has in column j is that
# of distance j - i + length - 1 -> [heads * count, length, length]
def by_distance(x: Tensor, rows: Tensor) -> Tensor:
  all, length, d = torch.size(x)
  heads, same, distances = torch.size(rows)
  products = torch.bmm(torch.reshape(x, [heads, -1, d]), rows)
  return torch.as_strided(products, [all, length, length], [length * distances, distances - 1, 1], length - 1)
