# The key-value cache and attention where libtorch's fused attention is fastest: CPUs with AMX. One tensor per layer,
# [slots, capacity, 2 * kv_heads * head_dim], has the keys of all heads of a token and behind them its values. Queries that
# share a key-value head stand in the place of query positions, so that nothing is repeated for them.

# Tensors of this size in memory [bytes] of zeros, or in memory of their own if there is none; they keep the first lengths
# tokens of what each slot had.
def resize(old: List[Tensor], memory: List[Tensor], lengths: List[int], layers: int, size: List[int], dtype: int) -> List[Tensor]:
  caches = annotate(List[Tensor], [])
  for i in range(layers):
    if torch.len(memory) > 0:
      cache = torch.set_(torch.empty([0], dtype=dtype), memory[i], 0, size, [size[1] * size[2], size[2], 1])
    else:
      cache = torch.zeros(size, dtype=dtype)
    if torch.len(old) > 0:
      for slot in range(min(torch.len(lengths), size[0])):
        length = min(lengths[slot], size[1])
        _0 = torch.copy_(torch.slice(torch.select(cache, 0, slot), 0, 0, length), torch.slice(torch.select(old[i], 0, slot), 0, 0, length))
      old[i] = torch.empty([0, 0, size[2]])
    _1 = torch.append(caches, cache)
  return caches

# Copies the first length positions of one slot to another.
def copy(caches: List[Tensor], source: int, target: int, length: int) -> NoneType:
  for i in range(torch.len(caches)):
    _0 = torch.copy_(torch.slice(torch.select(caches[i], 0, target), 0, 0, length), torch.slice(torch.select(caches[i], 0, source), 0, 0, length))
  return None

# Where the keys and values of some tokens lie in a layer's cache: slots and positions [tokens] -> [tokens]
def places(cache: Tensor, slots: Tensor, positions: Tensor) -> Tensor:
  return torch.add(torch.mul(torch.to(slots, 4), torch.size(cache, 1)), torch.to(positions, 4))

# Writes the keys and values of a step's tokens, which then attend to what is cached of their sequences.
# qkv [tokens, heads + 2 * kv_heads, d] with scaled queries -> [tokens, heads * d]
def decode_attention(cache: Tensor, qkv: Tensor, places: Tensor, groups: List[int], masks: List[Tensor], kv_heads: int) -> Tensor:
  tokens, all_heads, d = torch.size(qkv)
  width = 2 * kv_heads * d
  shared = (all_heads - 2 * kv_heads) // kv_heads
  stored = torch.to(qkv, cache)
  _0 = torch.index_copy_(torch.view(cache, [-1, width]), 0, places, torch.slice(torch.view(stored, [tokens, -1]), 1, -width))
  parts = annotate(List[Tensor], [])
  for g in range(torch.len(groups) // 5):
    count = groups[5 * g + 2]
    q = torch.as_strided(stored, [count, kv_heads, shared, d], [all_heads * d, shared * d, d, 1], groups[5 * g + 4] * all_heads * d)
    k = __torch__.fused.heads(cache, groups[5 * g], groups[5 * g + 1], count, kv_heads, groups[5 * g + 3], False)
    v = __torch__.fused.heads(cache, groups[5 * g], groups[5 * g + 1], count, kv_heads, groups[5 * g + 3], True)
    out = torch.scaled_dot_product_attention(q, k, v, masks[g], 0.0, False, scale=1.0, enable_gqa=False)
    _1 = torch.append(parts, torch.view(torch.to(out, 6, False, False, 0), [count, -1]))
  if torch.len(parts) == 1:
    return parts[0]
  return torch.cat(parts)

# A view of the keys, or of the values behind them, of slots from first on, each step slots behind the one before:
# [count, kv_heads, length, d]
def heads(cache: Tensor, first: int, step: int, count: int, kv_heads: int, length: int, values: bool) -> Tensor:
  slots, capacity, width = torch.size(cache)
  d = width // (2 * kv_heads)
  start = first * capacity * width
  if values:
    start = start + kv_heads * d
  return torch.as_strided(cache, [count, kv_heads, length, d], [step * capacity * width, d, width, 1], start)

# Writes the keys and values of a chunk into a slot and attends to everything cached before and in it, causally. At the start
# of a prompt no mask is needed and each head has its own queries; behind it the queries of all heads that share a key-value
# head are one head's, for which libtorch packs keys and values once instead of once for each.
# qkv [tokens, heads + 2 * kv_heads, d] with scaled queries, mask [tokens * shared, start + tokens] -> [tokens, heads * d]
def prefill_attention(cache: Tensor, qkv: Tensor, slot: int, start: int, mask: Tensor, kv_heads: int) -> Tensor:
  tokens, all_heads, d = torch.size(qkv)
  shared = (all_heads - 2 * kv_heads) // kv_heads
  stored = torch.to(qkv, cache)
  _0 = torch.copy_(torch.slice(torch.select(cache, 0, slot), 0, start, start + tokens), torch.slice(torch.view(stored, [tokens, -1]), 1, -2 * kv_heads * d))
  k = __torch__.fused.heads(cache, slot, 1, 1, kv_heads, start + tokens, False)
  v = __torch__.fused.heads(cache, slot, 1, 1, kv_heads, start + tokens, True)
  if start == 0:
    q = torch.as_strided(stored, [kv_heads, shared, tokens, d], [shared * d, d, all_heads * d, 1])
    size = [kv_heads, shared, tokens, d]
    out = torch.scaled_dot_product_attention(q, torch.expand(torch.transpose(k, 0, 1), size), torch.expand(torch.transpose(v, 0, 1), size), None, 0.0, True, scale=1.0, enable_gqa=False)
    return torch.view(torch.to(torch.permute(out, [2, 0, 1, 3]), 6, False, False, 0), [tokens, -1])
  queries = torch.as_strided(stored, [1, kv_heads, tokens, shared, d], [0, shared * d, all_heads * d, d, 1])
  out = torch.scaled_dot_product_attention(torch.reshape(queries, [1, kv_heads, tokens * shared, d]), k, v, mask, 0.0, False, scale=1.0, enable_gqa=False)
  return torch.reshape(torch.to(torch.transpose(torch.reshape(out, [kv_heads, tokens, shared, d]), 0, 1), 6, False, False, 0), [tokens, -1])

# What a chunk at start may see, a row for each query of a key-value head: [tokens, end] -> [tokens * shared, end]
def repeated(mask: Tensor, shared: int, dtype: int) -> Tensor:
  tokens, end = torch.size(mask)
  return torch.reshape(torch.expand(torch.unsqueeze(torch.to(mask, dtype), 1), [tokens, shared, end]), [tokens * shared, end])
