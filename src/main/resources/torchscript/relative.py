# Relative positions as T5's: a learned number for each distance and head, added to the scaled products of queries and keys.

# The number of each distance of a key to its query from -most to most, behind which nothing changes any more:
# weight [buckets, heads] -> [heads, 2 * most + 1]
def table(weight: Tensor, most: int) -> Tensor:
  half = torch.size(weight, 0) // 2
  exact = half // 2
  distance = torch.arange(-most, most + 1, dtype=4, device=weight.device)
  far = torch.abs(distance)
  steps = torch.log(torch.div(torch.to(torch.clamp_min(far, 1), 6), exact))
  steps = torch.mul(torch.div(steps, torch.log(float(most) / float(exact))), half - exact)
  shared = torch.clamp_max(torch.add(torch.to(steps, 4), exact), half - 1)
  bucket = torch.where(torch.lt(far, exact), far, shared)
  bucket = torch.add(bucket, torch.mul(torch.to(torch.gt(distance, 0), 4), half))
  return torch.contiguous(torch.t(torch.index_select(torch.to(weight, 6), 0, bucket)))

# The numbers of a run: table [heads, 2 * most + 1] -> [1, heads, length, length]
def bias(table: Tensor, length: int, dtype: int) -> Tensor:
  most = torch.size(table, 1) // 2
  distance = torch.clamp(torch.arange(1 - length, length, dtype=4, device=table.device), -most, most)
  numbers = torch.index_select(table, 1, torch.add(distance, most))                 # [heads, 2 * length - 1]
  rows = torch.flip(torch.unfold(torch.to(numbers, dtype), 1, length, 1), [1])
  return torch.unsqueeze(rows, 0)
