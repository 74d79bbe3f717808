# The key-value cache and attention by matrix products: two tensors per layer, keys [slots * kv_heads, head_dim, capacity]
# and behind them values [slots * kv_heads, capacity, head_dim], each in the order in which a decode step's products read it.

# Tensors for exactly slots sequences of capacity tokens in memory [bytes] of zeros, one for each layer, or in memory of their
# own if there is none; they keep the first lengths tokens of what each slot had.
def resize(old: List[Tensor], memory: List[Tensor], lengths: List[int], layers: int, slots: int, kv_heads: int, capacity: int, head_dim: int, dtype: int, like: Tensor) -> List[Tensor]:
  caches = annotate(List[Tensor], [])
  rows = slots * kv_heads
  for i in range(layers):
    if torch.len(memory) > 0:
      keys = torch.set_(torch.empty([0], dtype=dtype), memory[i], 0, [rows, head_dim, capacity], [head_dim * capacity, capacity, 1])
      values = torch.set_(torch.empty([0], dtype=dtype), memory[i], rows * head_dim * capacity, [rows, capacity, head_dim], [capacity * head_dim, head_dim, 1])
    else:
      keys = torch.zeros([rows, head_dim, capacity], dtype=dtype, device=like.device)
      values = torch.zeros([rows, capacity, head_dim], dtype=dtype, device=like.device)
    if torch.len(old) > 0:
      for slot in range(min(torch.len(lengths), slots)):
        first = slot * kv_heads
        _0 = __torch__.products.copy_rows(old[2 * i], old[2 * i + 1], keys, values, first, first, kv_heads, min(lengths[slot], capacity))
      old[2 * i] = torch.empty([0, head_dim, 0])
      old[2 * i + 1] = torch.empty([0, 0, head_dim])
    _1 = torch.append(caches, keys)
    _2 = torch.append(caches, values)
  return caches

# Copies the first length positions of one slot to another.
def copy(caches: List[Tensor], source: int, target: int, length: int, kv_heads: int) -> NoneType:
  for i in range(torch.len(caches) // 2):
    keys = caches[2 * i]
    values = caches[2 * i + 1]
    _0 = __torch__.products.copy_rows(keys, values, keys, values, source * kv_heads, target * kv_heads, kv_heads, length)
  return None

def copy_rows(old_keys: Tensor, old_values: Tensor, keys: Tensor, values: Tensor, source: int, target: int, rows: int, length: int) -> NoneType:
  from_keys = torch.slice(torch.slice(old_keys, 0, source, source + rows), 2, 0, length)
  from_values = torch.slice(torch.slice(old_values, 0, source, source + rows), 1, 0, length)
  _0 = torch.copy_(torch.slice(torch.slice(keys, 0, target, target + rows), 2, 0, length), from_keys)
  _1 = torch.copy_(torch.slice(torch.slice(values, 0, target, target + rows), 1, 0, length), from_values)
  return None

# Where the keys and values of some tokens lie in a layer's cache. slots and positions [tokens] -> rows of the values
# [tokens * kv_heads] and elements of the keys [tokens * kv_heads * head_dim]
def places(keys: Tensor, slots: Tensor, positions: Tensor, kv_heads: int) -> Tuple[Tensor, Tensor]:
  d = torch.size(keys, 1)
  capacity = torch.size(keys, 2)
  at = torch.unsqueeze(torch.to(positions, 4), 1)                                              # [tokens, 1]
  heads = torch.arange(kv_heads, dtype=4, device=keys.device)
  rows = torch.add(torch.unsqueeze(torch.mul(torch.to(slots, 4), kv_heads), 1), heads)         # [tokens, kv_heads]
  channels = torch.arange(d, dtype=4, device=keys.device)
  lines = torch.add(torch.unsqueeze(torch.mul(rows, d), 2), channels)                          # [tokens, kv_heads, d]
  elements = torch.add(torch.mul(lines, capacity), torch.unsqueeze(at, 2))
  return (torch.flatten(torch.add(torch.mul(rows, capacity), at)), torch.flatten(elements))

# kv [tokens, 2 * kv_heads, head_dim], each token's keys before its values
def write(keys: Tensor, values: Tensor, elements: Tensor, rows: Tensor, kv: Tensor) -> NoneType:
  d = torch.size(keys, 1)
  kv_heads = torch.size(kv, 1) // 2
  stored = torch.to(kv, keys)
  _0 = torch.index_copy_(torch.view(keys, [-1]), 0, elements, torch.flatten(torch.slice(stored, 1, 0, kv_heads)))
  _1 = torch.index_copy_(torch.view(values, [-1, d]), 0, rows, torch.reshape(torch.slice(stored, 1, kv_heads), [-1, d]))
  return None

# Writes the keys and values of a step's tokens, which then attend to what is cached of their sequences.
# qkv [tokens, heads + 2 * kv_heads, head_dim] with scaled queries -> [tokens, heads * head_dim]
def decode_attention(keys: Tensor, values: Tensor, qkv: Tensor, rows: Tensor, elements: Tensor, groups: List[int], masks: List[Tensor], kv_heads: int) -> Tensor:
  count, all_heads, d = torch.size(qkv)
  heads = all_heads - 2 * kv_heads
  _0 = __torch__.products.write(keys, values, elements, rows, torch.slice(qkv, 1, heads))
  queries = torch.reshape(torch.slice(qkv, 1, 0, heads), [-1, heads // kv_heads, d])           # [tokens * kv_heads, shared, d]
  parts = annotate(List[Tensor], [])
  for g in range(torch.len(groups) // 5):
    tokens = groups[5 * g + 2]
    first = groups[5 * g] * kv_heads
    length = groups[5 * g + 3]
    row = groups[5 * g + 4] * kv_heads
    k = torch.slice(torch.slice(keys, 0, first, first + tokens * kv_heads), 2, 0, length)      # [tokens * kv_heads, d, length]
    v = torch.slice(torch.slice(values, 0, first, first + tokens * kv_heads), 1, 0, length)    # [tokens * kv_heads, length, d]
    if not __torch__.products.by_one_dnn(tokens, length):
      k = torch.to(k, 6)
      v = torch.to(v, 6)
    s = torch.bmm(torch.to(torch.slice(queries, 0, row, row + tokens * kv_heads), k), k)       # [tokens * kv_heads, shared, length]
    if torch.numel(masks[g]) > 0:
      _1 = torch.add_(torch.view(s, [tokens, kv_heads, -1, length]), torch.to(masks[g], s))
    _2 = torch.append(parts, torch.to(torch.bmm(torch.softmax(s, 2), v), 6))
  if torch.len(parts) == 1:
    return torch.view(parts[0], [count, -1])
  return torch.view(torch.cat(parts), [count, -1])

# Whether a group attends in the type of its keys. Below that the start of oneDNN's bfloat16 products costs more than float32.
def by_one_dnn(tokens: int, length: int) -> bool:
  return tokens * length >= 512

# Writes the keys and values of a chunk into a slot and attends to everything cached before and in it, causally.
# qkv [tokens, heads + 2 * kv_heads, d] with scaled queries, mask: what striped needs if it computes, else
# [tokens, start + tokens], empty for start 0 -> [tokens, heads * d]
def prefill_attention(keys: Tensor, values: Tensor, qkv: Tensor, kv_heads: int, slot: int, start: int, mask: Tensor, blocks: bool) -> Tensor:
  tokens, all_heads, d = torch.size(qkv)
  heads = all_heads - 2 * kv_heads
  end = start + tokens
  first = slot * kv_heads
  slot_keys = torch.slice(torch.slice(keys, 0, first, first + kv_heads), 2, 0, end)            # [kv_heads, d, end]
  slot_values = torch.slice(torch.slice(values, 0, first, first + kv_heads), 1, 0, end)        # [kv_heads, end, d]
  _0 = torch.copy_(torch.slice(slot_keys, 2, start), torch.permute(torch.slice(qkv, 1, heads, heads + kv_heads), [1, 2, 0]))
  _1 = torch.copy_(torch.slice(slot_values, 1, start), torch.transpose(torch.slice(qkv, 1, heads + kv_heads), 0, 1))
  shared = heads // kv_heads
  queries = torch.view(torch.slice(qkv, 1, 0, heads), [tokens, kv_heads, shared, d])
  queries = torch.permute(queries, [1, 2, 0, 3])                                               # [kv_heads, shared, tokens, d]
  if __torch__.products.in_stripes(tokens, start, keys, blocks):
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

# Whether a chunk attends in stripes: on CPUs, where keys are bfloat16 and it is not the short beginning of a prompt.
def in_stripes(tokens: int, start: int, keys: Tensor, blocks: bool) -> bool:
  return blocks and keys.dtype == 15 and start + tokens >= 128

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
  none = annotate(List[Optional[number]], [])
  for h in range(kv_heads):
    k = torch.contiguous(torch.to(torch.t(torch.select(keys, 0, h)), 6))                       # [end, d]
    for b in range((tokens + block - 1) // block):
      first = b * block
      last = min(tokens, first + block)
      count = last - first
      seen = end - tokens + last
      q = torch.reshape(torch.slice(torch.select(queries, 0, h), 1, first, last), [shared * count, d])
      v = torch.contiguous(torch.t(torch.slice(torch.select(values, 0, h), 0, 0, seen)))       # [d, seen]
      s = torch.view(ops.mkldnn._linear_pointwise(q, torch.slice(k, 0, 0, seen), None, "none", none, ""), [shared, count, seen])
      _0 = torch.add_(torch.slice(s, 2, seen - count), torch.slice(torch.slice(future, 0, 0, count), 1, 0, count))
      p = torch.to(torch.view(torch.softmax(s, 2), [shared * count, seen]), v)
      o = ops.mkldnn._linear_pointwise(p, v, None, "none", none, "")                           # [shared * count, d]
      _1 = torch.copy_(torch.slice(torch.select(out, 0, h), 1, first, last), torch.view(o, [shared, count, d]))
  return out
