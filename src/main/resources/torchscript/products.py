# The key-value cache and attention by matrix products: a tensor per layer, [2 * slots * kv_heads, head_dim * capacity], whose
# first half has the keys of each head of each slot, [head_dim, capacity], and whose second half its values,
# [capacity, head_dim], each in the order in which a decode step's products read it.

# Tensors for exactly slots sequences of capacity tokens in memory [bytes] of zeros, one for each layer, or in memory of their
# own if there is none; they keep the first lengths tokens of what each slot had.
def resize(old: List[Tensor], memory: List[Tensor], lengths: List[int], layers: int, slots: int, kv_heads: int, capacity: int, d: int, dtype: int, like: Tensor) -> List[Tensor]:
  caches = annotate(List[Tensor], [])
  size = [2 * slots * kv_heads, d * capacity]
  for i in range(layers):
    if torch.len(memory) > 0:
      cache = torch.set_(torch.empty([0], dtype=dtype), memory[i], 0, size, [size[1], 1])
    else:
      cache = torch.zeros(size, dtype=dtype, device=like.device)
    if torch.len(old) > 0:
      for slot in range(min(torch.len(lengths), slots)):
        first = slot * kv_heads
        _0 = __torch__.products.copy_rows(old[i], cache, first, first, kv_heads, d, min(lengths[slot], capacity))
      old[i] = torch.empty([0, 0])
    _1 = torch.append(caches, cache)
  return caches

# Copies the first length positions of one slot to another.
def copy(caches: List[Tensor], source: int, target: int, length: int, kv_heads: int, d: int) -> NoneType:
  for i in range(torch.len(caches)):
    _0 = __torch__.products.copy_rows(caches[i], caches[i], source * kv_heads, target * kv_heads, kv_heads, d, length)
  return None

def copy_rows(old: Tensor, cache: Tensor, source: int, target: int, rows: int, d: int, length: int) -> NoneType:
  _0 = torch.copy_(__torch__.products.keys(cache, target, rows, d, length), __torch__.products.keys(old, source, rows, d, length))
  _1 = torch.copy_(__torch__.products.values(cache, target, rows, d, length), __torch__.products.values(old, source, rows, d, length))
  return None

# A view of the keys of some heads from first on: [rows, d, length]
def keys(cache: Tensor, first: int, rows: int, d: int, length: int) -> Tensor:
  width = torch.size(cache, 1)
  return torch.as_strided(cache, [rows, d, length], [width, width // d, 1], first * width)

# A view of their values: [rows, length, d]
def values(cache: Tensor, first: int, rows: int, d: int, length: int) -> Tensor:
  all, width = torch.size(cache)
  return torch.as_strided(cache, [rows, length, d], [width, d, 1], (all // 2 + first) * width)

# Where the keys of some tokens and then their values lie in a layer's cache: slots and positions [tokens] ->
# [tokens * 2 * kv_heads * d]
def places(cache: Tensor, slots: Tensor, positions: Tensor, kv_heads: int, d: int) -> Tensor:
  all, width = torch.size(cache)
  at = torch.view(torch.to(positions, 4), [-1, 1, 1])
  heads = torch.unsqueeze(torch.arange(kv_heads, dtype=4, device=cache.device), 1)
  rows = torch.add(torch.view(torch.mul(torch.to(slots, 4), kv_heads), [-1, 1, 1]), heads)     # [tokens, kv_heads, 1]
  channels = torch.arange(d, dtype=4, device=cache.device)
  first = torch.mul(rows, width)
  of_keys = torch.add(torch.add(first, torch.mul(channels, width // d)), at)                   # [tokens, kv_heads, d]
  of_values = torch.add(torch.add(torch.add(first, all // 2 * width), torch.mul(at, d)), channels)
  return torch.flatten(torch.cat([of_keys, of_values], 1))

# Writes the keys and values of a step's tokens, which then attend to what is cached of their sequences.
# qkv [tokens, heads + 2 * kv_heads, d] with scaled queries, masks from the first on: one per group -> [tokens, heads * d]
def decode_attention(cache: Tensor, qkv: Tensor, places: Tensor, groups: List[int], masks: List[Tensor], first_mask: int, kv_heads: int, softcap: float) -> Tensor:
  count, all_heads, d = torch.size(qkv)
  heads = all_heads - 2 * kv_heads
  stored = torch.flatten(torch.to(torch.slice(qkv, 1, heads), cache.dtype, False, False, 0))
  _0 = torch.index_copy_(torch.view(cache, [-1]), 0, places, stored)
  queries = torch.reshape(torch.slice(qkv, 1, 0, heads), [-1, heads // kv_heads, d])           # [tokens * kv_heads, shared, d]
  parts = annotate(List[Tensor], [])
  for g in range(torch.len(groups) // 5):
    tokens = groups[5 * g + 2]
    length = groups[5 * g + 3]
    row = groups[5 * g + 4] * kv_heads
    q = queries
    if tokens < count:
      q = torch.slice(queries, 0, row, row + tokens * kv_heads)
    k = __torch__.products.keys(cache, groups[5 * g] * kv_heads, tokens * kv_heads, d, length)
    v = __torch__.products.values(cache, groups[5 * g] * kv_heads, tokens * kv_heads, d, length)
    if __torch__.products.by_one_dnn(tokens, length):
      q = torch.to(q, k)
    else:
      k = torch.to(k, 6)
      v = torch.to(v, 6)
    s = torch.bmm(q, k)                                                                        # [tokens * kv_heads, shared, length]
    mask = masks[first_mask + g]
    if softcap > 0.0:
      s = torch.mul(torch.tanh(torch.div(s, softcap)), softcap)
    if torch.numel(mask) > 0:
      _1 = torch.add_(torch.view(s, [tokens, kv_heads, -1, length]), torch.to(mask, s))
    _2 = torch.append(parts, torch.bmm(torch.softmax(s, 2), v))
  if torch.len(parts) == 1:
    return torch.view(torch.to(parts[0], 6), [count, -1])
  for g in range(torch.len(parts)):
    parts[g] = torch.to(parts[g], 6)
  return torch.view(torch.cat(parts), [count, -1])

# Whether a group attends in the type of its keys. Below that the start of oneDNN's bfloat16 products costs more than float32.
def by_one_dnn(tokens: int, length: int) -> bool:
  return tokens * length >= 512

# Writes the keys and values of a chunk into a slot and attends to everything cached before and in it, causally.
# qkv [tokens, heads + 2 * kv_heads, d] with scaled queries, mask: what striped needs if it computes, else
# [tokens, start + tokens], empty for start 0; narrow: the mask has a window -> [tokens, heads * d]
def prefill_attention(cache: Tensor, qkv: Tensor, kv_heads: int, slot: int, start: int, mask: Tensor, blocks: bool, narrow: bool, softcap: float) -> Tensor:
  tokens, all_heads, d = torch.size(qkv)
  heads = all_heads - 2 * kv_heads
  end = start + tokens
  slot_keys = __torch__.products.keys(cache, slot * kv_heads, kv_heads, d, end)                # [kv_heads, d, end]
  slot_values = __torch__.products.values(cache, slot * kv_heads, kv_heads, d, end)            # [kv_heads, end, d]
  _0 = torch.copy_(torch.slice(slot_keys, 2, start), torch.permute(torch.slice(qkv, 1, heads, heads + kv_heads), [1, 2, 0]))
  _1 = torch.copy_(torch.slice(slot_values, 1, start), torch.transpose(torch.slice(qkv, 1, heads + kv_heads), 0, 1))
  shared = heads // kv_heads
  queries = torch.view(torch.slice(qkv, 1, 0, heads), [tokens, kv_heads, shared, d])
  queries = torch.permute(queries, [1, 2, 0, 3])                                               # [kv_heads, shared, tokens, d]
  if narrow or softcap > 0.0:
    if not narrow:
      mask = torch.triu(torch.full([tokens, end], -1.0e999, dtype=6, device=qkv.device), start + 1)
    out = __torch__.products.masked(queries, slot_keys, slot_values, mask, softcap)
  elif __torch__.products.in_stripes(tokens, start, cache, blocks):
    out = __torch__.products.striped(queries, slot_keys, slot_values, mask)
  elif blocks and tokens >= 64:
    out = __torch__.products.blockwise(queries, slot_keys, slot_values)
  else:
    k = torch.expand(torch.unsqueeze(torch.contiguous(torch.transpose(slot_keys, 1, 2)), 1), [kv_heads, shared, end, d])
    v = torch.expand(torch.unsqueeze(slot_values, 1), [kv_heads, shared, end, d])
    queries = torch.to(queries, k)
    if start == 0:
      out = torch.scaled_dot_product_attention(queries, k, v, None, 0.0, True, scale=1.0, enable_gqa=False)
    else:
      out = torch.scaled_dot_product_attention(queries, k, v, torch.to(mask, k), 0.0, False, scale=1.0, enable_gqa=False)
  return torch.to(torch.reshape(torch.permute(out, [2, 0, 1, 3]), [tokens, heads * d]), 6)

# Attention of the last tokens of a sequence under a mask, [tokens, end], with capped scores if softcap is above 0.
# queries [kv_heads, shared, tokens, d], keys [kv_heads, d, end], values [kv_heads, end, d] -> like queries, float32
def masked(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor, softcap: float) -> Tensor:
  kv_heads, shared, tokens, d = torch.size(queries)
  q = torch.reshape(queries, [kv_heads, shared * tokens, d])
  s = torch.view(torch.bmm(q, torch.to(keys, 6)), [kv_heads, shared, tokens, -1])
  if softcap > 0.0:
    s = torch.mul(torch.tanh(torch.div(s, softcap)), softcap)
  p = torch.softmax(torch.add(s, mask), 3)                                                     # [kv_heads, shared, tokens, end]
  o = torch.bmm(torch.view(p, [kv_heads, shared * tokens, -1]), torch.to(values, 6))
  return torch.view(o, [kv_heads, shared, tokens, d])

# Whether a chunk attends in stripes: on CPUs, where keys are bfloat16 and it is not the short beginning of a prompt.
def in_stripes(tokens: int, start: int, cache: Tensor, blocks: bool) -> bool:
  return blocks and cache.dtype == 15 and start + tokens >= 128

# What the queries of a stripe may not see of its own tokens, minus infinity there: [128, 128]
def future(keys: Tensor) -> Tensor:
  return torch.triu(torch.full([128, 128], -1.0e999, dtype=keys.dtype, device=keys.device), 1)

# Causal attention of the last tokens of a sequence in the type of its keys, all heads of a stripe of queries at a time, over
# what it may see. queries [kv_heads, shared, tokens, d] float32, keys [kv_heads, d, end], values [kv_heads, end, d], future as
# above -> like queries
def striped(queries: Tensor, keys: Tensor, values: Tensor, future: Tensor) -> Tensor:
  kv_heads, shared, tokens, d = torch.size(queries)
  start = torch.size(keys, 2) - tokens
  stripe = torch.size(future, 0)
  queries = torch.to(queries, keys)
  out = torch.empty([kv_heads, shared, tokens, d], dtype=6, device=queries.device)
  for b in range((tokens + stripe - 1) // stripe):
    first = b * stripe
    last = min(tokens, first + stripe)
    count = last - first
    seen = start + last
    q = torch.reshape(torch.slice(queries, 2, first, last), [kv_heads, shared * count, d])
    s = torch.view(torch.bmm(q, torch.slice(keys, 2, 0, seen)), [kv_heads, shared, count, seen])
    _0 = torch.add_(torch.slice(s, 3, seen - count), torch.slice(torch.slice(future, 0, 0, count), 1, 0, count))
    p = torch.view(torch.softmax(s, 3), [kv_heads, shared * count, seen])
    o = torch.bmm(p, torch.slice(values, 1, 0, seen))                                          # [kv_heads, shared * count, d]
    _1 = torch.copy_(torch.slice(out, 2, first, last), torch.view(o, [kv_heads, shared, count, d]))
  return out

# Causal attention of the last tokens of a sequence by oneDNN's linear layers, a key-value head and a block of queries at a
# time. Keys and values are its weights, shared by the heads of a group. libtorch's own attention multiplies by MKL, which
# takes twice as long on AMD's CPUs.
# queries [kv_heads, shared, tokens, d] float32, keys [kv_heads, d, end], values [kv_heads, end, d] -> like queries
def blockwise(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
  kv_heads, shared, tokens, d = torch.size(queries)
  end = torch.size(keys, 2)
  block = 256
  future = torch.triu(torch.full([block, block], -1.0e999, dtype=6, device=queries.device), 1)
  out = torch.empty_like(queries, memory_format=0)
  for h in range(kv_heads):
    k = torch.contiguous(torch.to(torch.t(torch.select(keys, 0, h)), 6))                       # [end, d]
    for b in range((tokens + block - 1) // block):
      first = b * block
      last = min(tokens, first + block)
      count = last - first
      seen = end - tokens + last
      q = torch.reshape(torch.slice(torch.select(queries, 0, h), 1, first, last), [shared * count, d])
      v = torch.contiguous(torch.t(torch.slice(torch.select(values, 0, h), 0, 0, seen)))       # [d, seen]
      s = torch.view(__torch__.onednn.linear(q, torch.slice(k, 0, 0, seen), None), [shared, count, seen])
      _0 = torch.add_(torch.slice(s, 2, seen - count), torch.slice(torch.slice(future, 0, 0, count), 1, 0, count))
      p = torch.to(torch.view(torch.softmax(s, 2), [shared * count, seen]), v)
      o = __torch__.onednn.linear(p, v, None)                                                  # [shared * count, d]
      _1 = torch.copy_(torch.slice(torch.select(out, 0, h), 1, first, last), torch.view(o, [shared, count, d]))
  return out
