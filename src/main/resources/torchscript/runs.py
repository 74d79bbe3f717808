# Runs of inputs that are padded to the same length, one after the other, as pairs of (inputs, their padded length); what is
# behind them is padding too. Few different shapes matter more than a little padding: oneDNN compiles a kernel for each.

# How a layer attends within the inputs of runs.
class How:
  heads : int
  kv_heads : int
  window : int                # how far tokens look; 0 for everywhere
  causal : bool
  reduced : bool              # bfloat16 is precise enough
  def __init__(self: __torch__.runs.How, heads: int, kv_heads: int, window: int, causal: bool, reduced: bool) -> NoneType:
    self.heads = heads
    self.kv_heads = kv_heads
    self.window = window
    self.causal = causal
    self.reduced = reduced
    return None

  # qkv [tokens, heads + 2 * kv_heads, d] with scaled queries; masks as below and what is between tokens for each run (a bias
  # of each head, rows of the table of distances, or empty) -> [tokens, heads * d]
  def attention(self: __torch__.runs.How, qkv: Tensor, runs: List[int], masks: List[Tensor], between: List[Tensor], distances: __torch__.disentangled.Distances) -> Tensor:
    parts = annotate(List[Tensor], [])
    first = 0
    tokens, all_heads, d = torch.size(qkv)
    for r in range(torch.len(runs) // 2):
      count = runs[2 * r]
      length = runs[2 * r + 1]
      run = torch.view(torch.slice(qkv, 0, first, first + count * length), [count, length, all_heads, d])
      first = first + count * length
      if self.kv_heads < self.heads:
        run = self.repeated(run)
      run = torch.transpose(run, 1, 2)                                              # [inputs, 3 * heads, length, d]
      if torch.numel(distances.keys) + torch.numel(distances.queries) > 0:
        _0 = torch.append(parts, distances.attention(run, self.heads, masks[r], between[r]))
      else:
        if self.reduced and count * length >= 64:
          run = torch.to(run, 15)
        _1 = torch.append(parts, torch.to(self.of_run(run, masks[r], between[r]), qkv.dtype))
    if first < tokens:
      _2 = torch.append(parts, torch.zeros([tokens - first, self.heads * d], dtype=qkv.dtype, device=qkv.device))
    if torch.len(parts) == 1:
      return parts[0]
    return torch.cat(parts)

  # run [inputs, 3 * heads, length, d], mask and bias as above -> [inputs * length, heads * d]
  def of_run(self: __torch__.runs.How, run: Tensor, mask: Tensor, bias: Tensor) -> Tensor:
    inputs, all_heads, length, d = torch.size(run)
    if __torch__.runs.block(length, self.window, self.causal) > 0:
      return self.by_blocks(run, mask)
    if torch.numel(bias) == 0:
      return self.at_once(run, mask)
    together = 1 + 1048576 // (self.heads * length * length)                        # as each head has a mask
    parts = annotate(List[Tensor], [])
    for p in range((inputs + together - 1) // together):
      some = torch.add(torch.slice(mask, 0, p * together, (p + 1) * together), bias)
      _0 = torch.append(parts, self.at_once(torch.slice(run, 0, p * together, (p + 1) * together), some))
    return torch.cat(parts)

  # Keys and values for each head of their own: [inputs, length, heads + 2 * kv_heads, d] -> [inputs, length, 3 * heads, d]
  def repeated(self: __torch__.runs.How, run: Tensor) -> Tensor:
    inputs, length, all_heads, d = torch.size(run)
    both = torch.view(torch.slice(run, 2, self.heads), [inputs, length, 2 * self.kv_heads, 1, d])
    both = torch.expand(both, [inputs, length, 2 * self.kv_heads, self.heads // self.kv_heads, d])
    return torch.cat([torch.slice(run, 2, 0, self.heads), torch.reshape(both, [inputs, length, 2 * self.heads, d])], 2)

  # run [inputs, 3 * heads, length, d], mask [inputs, 1 or heads, 1 or length, length] -> [inputs * length, heads * d]
  def at_once(self: __torch__.runs.How, run: Tensor, mask: Tensor) -> Tensor:
    inputs, all_heads, length, d = torch.size(run)
    q = torch.slice(run, 1, 0, self.heads)
    k = torch.slice(run, 1, self.heads, 2 * self.heads)
    out = __torch__.runs.products(q, k, torch.slice(run, 1, 2 * self.heads), mask, self.reduced)
    return torch.reshape(torch.transpose(out, 1, 2), [inputs * length, -1])

  # The same where tokens see some others only: a block of queries at a time with what they see
  def by_blocks(self: __torch__.runs.How, run: Tensor, mask: Tensor) -> Tensor:
    inputs, all_heads, length, d = torch.size(run)
    block = __torch__.runs.block(length, self.window, self.causal)
    places = torch.arange(length, dtype=3, device=run.device)
    parts = annotate(List[Tensor], [])
    for b in range((length + block - 1) // block):
      first = b * block
      last = first + block
      if last > length:
        last = length
      begin = 0
      end = length
      if self.window > 0:
        if first >= self.window:
          begin = first - self.window + 1
        if last + self.window <= length:
          end = last + self.window - 1
      if self.causal:
        end = last
      outside = __torch__.runs.outside(torch.slice(places, 0, first, last), torch.slice(places, 0, begin, end), self.window, self.causal)
      own = torch.eq(torch.unsqueeze(torch.slice(places, 0, first, last), 1), torch.slice(places, 0, begin, end))
      hidden = torch.masked_fill(torch.slice(mask, 3, begin, end), outside, -1.0e999)
      hidden = torch.masked_fill(hidden, own, 0.0)                                  # [inputs, 1, queries, keys]
      seen = torch.slice(run, 2, begin, end)
      q = torch.slice(torch.slice(run, 1, 0, self.heads), 2, first, last)
      k = torch.slice(seen, 1, self.heads, 2 * self.heads)
      _0 = torch.append(parts, __torch__.runs.products(q, k, torch.slice(seen, 1, 2 * self.heads), hidden, self.reduced))
    return torch.reshape(torch.transpose(torch.cat(parts, 2), 1, 2), [inputs * length, -1])

# Attention of queries to keys and values, by one operator or, if they are bfloat16, as two batched matrix products, which oneDNN
# computes; libtorch's own takes twice as long on AMD's CPUs. Long texts would have too many scores in memory.
# q [inputs, heads, queries, d], k and v [inputs, heads, keys, d], mask [inputs, 1 or heads, 1 or queries, keys]
# -> [inputs, heads, queries, d]
def products(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, reduced: bool) -> Tensor:
  inputs, heads, queries, d = torch.size(q)
  keys = torch.size(k, 2)
  if not reduced or inputs * queries < 64 or queries * keys > 1048576:
    return torch.scaled_dot_product_attention(q, k, v, torch.to(mask, q), 0.0, False, scale=1.0, enable_gqa=False)
  s = torch.bmm(torch.reshape(q, [-1, queries, d]), torch.reshape(torch.transpose(k, 2, 3), [-1, d, keys]))
  _0 = torch.add_(torch.view(s, [inputs, heads, queries, keys]), torch.to(mask, s))
  return torch.view(torch.bmm(torch.softmax(s, 2), torch.reshape(v, [-1, keys, d])), [inputs, heads, queries, d])

# How many queries attend at a time; 0 for all, which see all or have one mask.
def block(length: int, window: int, causal: bool) -> int:
  if window == 0 and not causal:
    return 0
  queries = 128
  if window > 0 and window < 64:
    queries = 64
  if length <= 2 * queries:
    return 0
  return queries

# What hides from the tokens of each run its padding and, unless they attend by blocks, what is outside of a window and, if
# causal, what is behind them, 0 or minus infinity: [inputs, 1, 1 or length, length]. Each token sees itself, so that no row is
# empty.
def masks(runs: List[int], lengths: Tensor, window: int, causal: bool, like: Tensor) -> List[Tensor]:
  masks = annotate(List[Tensor], [])
  input = 0
  for r in range(torch.len(runs) // 2):
    count = runs[2 * r]
    length = runs[2 * r + 1]
    own = torch.view(torch.slice(lengths, 0, input, input + count), [count, 1, 1, 1])
    input = input + count
    places = torch.arange(length, dtype=3, device=lengths.device)
    hidden = torch.ge(places, own)
    if __torch__.runs.block(length, window, causal) == 0 and (causal or (window > 0 and length > window)):
      hidden = torch.logical_or(hidden, __torch__.runs.outside(places, places, window, causal))
      hidden = torch.logical_and(hidden, torch.ne(torch.unsqueeze(places, 1), places))
    _0 = torch.append(masks, torch.masked_fill(torch.zeros_like(hidden, dtype=like.dtype), hidden, -1.0e999))
  return masks

# Which keys are outside of a window or behind queries, by their places: [queries, keys]
def outside(queries: Tensor, keys: Tensor, window: int, causal: bool) -> Tensor:
  distance = torch.sub(keys, torch.unsqueeze(queries, 1))
  outside = torch.zeros_like(distance, dtype=11)
  if window > 0:
    outside = torch.ge(torch.abs(distance), window)
  if causal:
    outside = torch.logical_or(outside, torch.gt(distance, 0))
  return outside

# Pools the tokens of each input, without its first skipped ones: 0 their mean, 1 the first, 2 the last, 3 the largest of each
# channel, 4 their sum over the root of their number, 5 the mean weighted by position. x [tokens, width] -> [inputs, width]
def pool(x: Tensor, runs: List[int], lengths: Tensor, pooling: int, skipped: int) -> Tensor:
  parts = annotate(List[Tensor], [])
  row = 0
  input = 0
  for r in range(torch.len(runs) // 2):
    count = runs[2 * r]
    length = runs[2 * r + 1]
    run = torch.view(torch.slice(x, 0, row, row + count * length), [count, length, -1])
    own = torch.view(torch.slice(lengths, 0, input, input + count), [count, 1])
    places = torch.arange(length, dtype=3, device=lengths.device)
    begin = torch.clamp_max(torch.sub(own, 1), skipped)
    pooled = torch.logical_and(torch.lt(places, own), torch.ge(places, begin))   # [inputs, length]
    if pooling == 3:
      hidden = torch.unsqueeze(torch.logical_not(pooled), 2)
      _0 = torch.append(parts, torch.amax(torch.masked_fill(torch.to(run, 6), hidden, -1.0e999), [1]))
    else:
      if pooling == 0:
        weights = torch.div(torch.to(pooled, 6), torch.sub(own, begin))
      elif pooling == 1:
        weights = torch.to(torch.eq(places, begin), 6)
      elif pooling == 2:
        weights = torch.to(torch.eq(places, torch.sub(own, 1)), 6)
      elif pooling == 4:
        weights = torch.div(torch.to(pooled, 6), torch.sqrt(torch.to(torch.sub(own, begin), 6)))
      else:
        weights = torch.mul(torch.to(pooled, 6), torch.add(places, 1))
        weights = torch.div(weights, torch.sum(weights, [1], True))
      _1 = torch.append(parts, torch.squeeze(torch.bmm(torch.unsqueeze(weights, 1), torch.to(run, 6)), 1))
    row = row + count * length
    input = input + count
  return torch.cat(parts)
