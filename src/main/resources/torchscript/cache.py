# The key-value cache: one tensor per layer, [2 * slots * kv_heads, capacity, head_dim], keys first, then values.

# Room for exactly slots sequences of capacity tokens; what older tensors hold within these is kept.
def resize(old: List[Tensor], layers: int, slots: int, kv_heads: int, capacity: int, head_dim: int, like: Tensor) -> List[Tensor]:
  caches = annotate(List[Tensor], [])
  rows = slots * kv_heads
  for i in range(layers):
    cache = torch.zeros([2 * rows, capacity, head_dim], dtype=6, device=like.device)
    if i < torch.len(old):
      values = torch.size(old[i], 0) // 2
      kept = min(values, rows)
      length = min(torch.size(old[i], 1), capacity)
      _0 = torch.copy_(torch.slice(torch.slice(cache, 0, 0, kept), 1, 0, length), torch.slice(torch.slice(old[i], 0, 0, kept), 1, 0, length))
      _1 = torch.copy_(torch.slice(torch.slice(cache, 0, rows, rows + kept), 1, 0, length), torch.slice(torch.slice(old[i], 0, values, values + kept), 1, 0, length))
      old[i] = torch.empty([0, 0, head_dim])
    _2 = torch.append(caches, cache)
  return caches

# Copies the first length positions of one slot to another.
def copy(caches: List[Tensor], source: int, target: int, length: int, kv_heads: int) -> NoneType:
  for i in range(torch.len(caches)):
    cache = caches[i]
    rows = torch.size(cache, 0) // 2
    for first in [0, rows]:
      a = torch.slice(torch.slice(cache, 0, first + source * kv_heads, first + (source + 1) * kv_heads), 1, 0, length)
      b = torch.slice(torch.slice(cache, 0, first + target * kv_heads, first + (target + 1) * kv_heads), 1, 0, length)
      _0 = torch.copy_(b, a)
  return None

# Rows of a layer's cache, seen as [2 * slots * kv_heads * capacity, head_dim], that hold the keys of each slot's position:
# [count * kv_heads]. Values lie half the cache further.
def key_rows(positions: Tensor, kv_heads: int, capacity: int) -> Tensor:
  count = torch.size(positions, 0)
  first = torch.mul(torch.arange(count * kv_heads, dtype=4, device=positions.device), capacity)
  return torch.add(first, torch.repeat_interleave(torch.to(positions, 4), kv_heads))

# 0 where a slot has a token and minus infinity behind it: [count * kv_heads, 1, length].
def mask(positions: Tensor, kv_heads: int, length: int) -> Tensor:
  columns = torch.unsqueeze(torch.arange(length, dtype=4, device=positions.device), 0)
  behind = torch.gt(columns, torch.unsqueeze(torch.to(positions, 4), 1))                             # [count, length]
  bias = torch.masked_fill(torch.zeros([torch.size(positions, 0), length], device=positions.device), behind, -1.0e999)
  return torch.unsqueeze(torch.repeat_interleave(bias, kv_heads, 0), 1)

# Attention of one new token per slot. Slots that lie side by side form a group with a common length.
# q [count, kv_heads * group, head_dim], already scaled -> [count, heads * head_dim]
def decode_attention(cache: Tensor, q: Tensor, groups: List[int], masks: List[Tensor], kv_heads: int) -> Tensor:
  rows = torch.size(cache, 0) // 2
  d = torch.size(cache, 2)
  shared = torch.size(q, 1) // kv_heads
  queries = torch.reshape(q, [torch.size(q, 0) * kv_heads, shared, d])
  parts = annotate(List[Tensor], [])
  for g in range(torch.len(groups) // 3):
    first = groups[3 * g] * kv_heads
    last = first + groups[3 * g + 1] * kv_heads
    length = groups[3 * g + 2]
    k = torch.slice(torch.slice(cache, 0, first, last), 1, 0, length)                # [count * kv_heads, length, d]
    v = torch.slice(torch.slice(cache, 0, rows + first, rows + last), 1, 0, length)
    s = torch.bmm(torch.slice(queries, 0, first, last), torch.transpose(k, 1, 2))    # [count * kv_heads, shared, length]
    if torch.numel(masks[g]) > 0:
      s = torch.add_(s, masks[g])
    _0 = torch.append(parts, torch.bmm(torch.softmax(s, 2), v))
  if torch.len(parts) == 1:
    return torch.reshape(parts[0], [torch.size(q, 0), -1])
  return torch.reshape(torch.cat(parts), [torch.size(q, 0), -1])

# The masks of all groups; an empty tensor for a group of one slot, which needs none.
def decode_masks(positions: Tensor, groups: List[int], kv_heads: int) -> List[Tensor]:
  masks = annotate(List[Tensor], [])
  for g in range(torch.len(groups) // 3):
    first = groups[3 * g]
    count = groups[3 * g + 1]
    if count == 1:
      _0 = torch.append(masks, torch.empty([0]))
    else:
      _1 = torch.append(masks, __torch__.cache.mask(torch.slice(positions, 0, first, first + count), kv_heads, groups[3 * g + 2]))
  return masks

# Writes the keys and values of a chunk into a slot and attends to everything cached before and in it, causally.
# q [tokens, heads, d] (already scaled), k and v [tokens, kv_heads, d] -> [tokens, heads * d]
def prefill_attention(cache: Tensor, q: Tensor, k: Tensor, v: Tensor, slot: int, start: int, mask: Tensor) -> Tensor:
  tokens = torch.size(k, 0)
  kv_heads = torch.size(k, 1)
  heads = torch.size(q, 1)
  d = torch.size(k, 2)
  rows = torch.size(cache, 0) // 2
  end = start + tokens
  slot_keys = torch.slice(cache, 0, slot * kv_heads, (slot + 1) * kv_heads)
  slot_values = torch.slice(cache, 0, rows + slot * kv_heads, rows + (slot + 1) * kv_heads)
  _0 = torch.copy_(torch.slice(slot_keys, 1, start, end), torch.transpose(k, 0, 1))
  _1 = torch.copy_(torch.slice(slot_values, 1, start, end), torch.transpose(v, 0, 1))
  shared = heads // kv_heads
  queries = torch.transpose(torch.reshape(q, [tokens, kv_heads, shared, d]), 0, 1)      # [kv_heads, tokens, shared, d]
  queries = torch.transpose(queries, 1, 2)                                             # [kv_heads, shared, tokens, d]
  keys = torch.expand(torch.unsqueeze(torch.slice(slot_keys, 1, 0, end), 1), [kv_heads, shared, end, d])
  values = torch.expand(torch.unsqueeze(torch.slice(slot_values, 1, 0, end), 1), [kv_heads, shared, end, d])
  if start == 0:
    out = torch.scaled_dot_product_attention(queries, keys, values, None, 0.0, True, scale=1.0, enable_gqa=False)
  else:
    out = torch.scaled_dot_product_attention(queries, keys, values, mask, 0.0, False, scale=1.0, enable_gqa=False)
  return torch.reshape(torch.permute(out, [2, 0, 1, 3]), [tokens, heads * d])

# What a chunk at start may see of end = start + tokens positions: [tokens, end], 0 or minus infinity.
def prefill_mask(tokens: int, start: int, like: Tensor) -> Tensor:
  return torch.triu(torch.full([tokens, start + tokens], -1.0e999, dtype=6, device=like.device), start + 1)
