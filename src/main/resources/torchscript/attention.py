# The key-value cache of a decoder and its attention, by one operator (fused.py) or by matrix products (products.py),
# whichever is faster on this device.

# What all layers of a step need to know for their attention; its numbers are those of Cache.begin.
class Step:
  rows : int                  # tokens that decode; the others are of chunks
  groups : List[int]
  chunks : List[int]
  places : Tensor             # of the tokens that decode, as the way of attention wants them
  masks : List[Tensor]        # one per group, for each window after the other
  chunk_masks : List[Tensor]  # one per chunk, for each window after the other
  def __init__(self: __torch__.attention.Step, rows: int, groups: List[int], chunks: List[int]) -> NoneType:
    self.rows = rows
    self.groups = groups
    self.chunks = chunks
    self.places = torch.empty([0])
    self.masks = annotate(List[Tensor], [])
    self.chunk_masks = annotate(List[Tensor], [])
    return None

class Cache:
  fused : bool
  layers : int
  kv_heads : int
  head_dim : int
  blocks : bool               # long prompts attend in stripes or blocks by oneDNN
  dtype : int                 # of keys and values
  windows : List[int]         # how far back layers look, 0 for everywhere; only that if fused
  tensors : List[Tensor]      # one per layer
  def __init__(self: __torch__.attention.Cache, fused: bool, layers: int, kv_heads: int, head_dim: int, blocks: bool, dtype: int, windows: List[int]) -> NoneType:
    self.fused = fused
    self.windows = windows
    self.layers = layers
    self.kv_heads = kv_heads
    self.head_dim = head_dim
    self.blocks = blocks
    self.dtype = dtype
    self.tensors = annotate(List[Tensor], [])
    return None

  # Room for exactly slots sequences of capacity tokens; what the cache holds within these is kept, of each slot the first
  # lengths tokens. memory: zeros for each layer, [bytes]; may be empty
  def reserve(self: __torch__.attention.Cache, slots: int, capacity: int, memory: List[Tensor], lengths: List[int], like: Tensor) -> NoneType:
    if self.fused:
      self.tensors = __torch__.fused.resize(self.tensors, memory, lengths, self.layers, [slots, capacity, 2 * self.kv_heads * self.head_dim], self.dtype)
    else:
      self.tensors = __torch__.products.resize(self.tensors, memory, lengths, self.layers, slots, self.kv_heads, capacity, self.head_dim, self.dtype, like)
    return None

  # Copies the first length positions of one slot to another.
  def copy(self: __torch__.attention.Cache, source: int, target: int, length: int) -> NoneType:
    if self.fused:
      return __torch__.fused.copy(self.tensors, source, target, length)
    return __torch__.products.copy(self.tensors, source, target, length, self.kv_heads, self.head_dim)

  # What a chunk at start may see, 0 or minus infinity: [tokens, start + tokens], if fused with a row for each of the shared
  # heads of a key-value head; empty for start 0. For attention in stripes what each of them needs.
  def prefill_mask(self: __torch__.attention.Cache, tokens: int, start: int, window: int, shared: int, like: Tensor) -> Tensor:
    if __torch__.attention.narrows(window, start + tokens):
      return __torch__.attention.window_mask(tokens, start, window, like)
    if not self.fused and __torch__.products.in_stripes(tokens, start, like, self.blocks):
      return __torch__.products.future(like)
    if start == 0:
      return torch.empty([0])
    mask = torch.triu(torch.full([tokens, start + tokens], -1.0e999, dtype=6, device=like.device), start + 1)
    if self.fused:
      return __torch__.fused.repeated(mask, shared, self.dtype)
    return mask

  # Writes the keys and values of a chunk into a slot and attends to everything cached before and in it, causally.
  # qkv [tokens, heads + 2 * kv_heads, head_dim] with scaled queries, mask as above -> [tokens, heads * head_dim]
  def prefill(self: __torch__.attention.Cache, i: int, qkv: Tensor, slot: int, start: int, mask: Tensor, window: int, softcap: float) -> Tensor:
    if self.fused:
      return __torch__.fused.prefill_attention(self.tensors[i], qkv, slot, start, mask, self.kv_heads)
    narrow = __torch__.attention.narrows(window, start + torch.size(qkv, 0))
    return __torch__.products.prefill_attention(self.tensors[i], qkv, self.kv_heads, slot, start, mask, self.blocks, narrow, softcap)

  # Prepares a step. First come new tokens that decode, one or more for each of some slots: slots [rows], positions
  # [rows and more]. Those that attend together form a group with a common length; groups has five numbers for each: first
  # slot, 1 if each token's slot is the next one and 0 if all have the same, tokens, length, first token. Behind them come
  # chunks of prompts, with three numbers for each: slot, start, tokens; and behind these, padding. shared: heads of a
  # key-value head. Steps of other slots may be computed at the same time.
  def begin(self: __torch__.attention.Cache, slots: Tensor, positions: Tensor, groups: List[int], chunks: List[int], shared: int) -> __torch__.attention.Step:
    cache = self.tensors[0]
    step = __torch__.attention.Step(torch.size(slots, 0), groups, chunks)
    for window in self.windows:
      for c in range(torch.len(chunks) // 3):
        _0 = torch.append(step.chunk_masks, self.prefill_mask(chunks[3 * c + 2], chunks[3 * c + 1], window, shared, cache))
    if step.rows == 0:
      return step
    decoding = torch.slice(positions, 0, 0, step.rows)
    if self.fused:
      step.places = __torch__.fused.places(cache, slots, decoding)
    else:
      step.places = __torch__.products.places(cache, slots, decoding, self.kv_heads, self.head_dim)
    for window in self.windows:
      for g in range(torch.len(groups) // 5):
        first = groups[5 * g + 4]
        tokens = groups[5 * g + 2]
        length = groups[5 * g + 3]
        mask = torch.empty([0])
        if self.fused or tokens > 1 or __torch__.products.by_one_dnn(tokens, length) or __torch__.attention.narrows(window, length):
          mask = __torch__.attention.mask(torch.slice(positions, 0, first, first + tokens), length, window, cache)
        _1 = torch.append(step.masks, mask)
    return step

  # Attention of the step's tokens to what is cached of their sequences, themselves included; zeros for padding.
  # qkv [tokens, heads + 2 * kv_heads, head_dim] with scaled queries, window: its number -> [tokens, heads * head_dim]
  def attend(self: __torch__.attention.Cache, i: int, qkv: Tensor, step: __torch__.attention.Step, window: int, softcap: float) -> Tensor:
    if torch.len(step.chunks) == 0:
      return self.decode(i, qkv, step, window, softcap)
    masks = window * (torch.len(step.chunks) // 3)
    parts = annotate(List[Tensor], [])
    if step.rows > 0:
      _0 = torch.append(parts, self.decode(i, torch.slice(qkv, 0, 0, step.rows), step, window, softcap))
    first = step.rows
    for c in range(torch.len(step.chunks) // 3):
      end = first + step.chunks[3 * c + 2]
      _1 = torch.append(parts, self.prefill(i, torch.slice(qkv, 0, first, end), step.chunks[3 * c], step.chunks[3 * c + 1], step.chunk_masks[masks + c], self.windows[window], softcap))
      first = end
    if first < torch.size(qkv, 0):
      _2 = torch.append(parts, torch.zeros([torch.size(qkv, 0) - first, torch.size(parts[0], 1)], dtype=6, device=qkv.device))
    if torch.len(parts) == 1:
      return parts[0]
    return torch.cat(parts)

  # Writes the keys and values of the tokens that decode, which then attend to what is cached of their sequences, themselves
  # included. qkv [tokens, heads + 2 * kv_heads, head_dim] with scaled queries -> [tokens, heads * head_dim]
  def decode(self: __torch__.attention.Cache, i: int, qkv: Tensor, step: __torch__.attention.Step, window: int, softcap: float) -> Tensor:
    if self.fused:
      return __torch__.fused.decode_attention(self.tensors[i], qkv, step.places, step.groups, step.masks, self.kv_heads)
    masks = window * (torch.len(step.groups) // 5)
    return __torch__.products.decode_attention(self.tensors[i], qkv, step.places, step.groups, step.masks, masks, self.kv_heads, softcap)

# Whether something of a sequence of a length lies outside of a window.
def narrows(window: int, length: int) -> bool:
  return window > 0 and length > window

# What a chunk at start sees through a window, 0 or minus infinity: [tokens, start + tokens]
def window_mask(tokens: int, start: int, window: int, like: Tensor) -> Tensor:
  seen = torch.ones([tokens, start + tokens], dtype=11, device=like.device)
  seen = torch.triu(torch.tril(seen, start), start - window + 1)
  return torch.masked_fill_(torch.zeros([tokens, start + tokens], dtype=6, device=like.device), torch.logical_not(seen), -1.0e999)

# What hides from tokens at these positions what is behind them or outside of a window, 0 or minus infinity:
# [tokens, 1, 1, length]
def mask(positions: Tensor, length: int, window: int, like: Tensor) -> Tensor:
  tokens = torch.size(positions, 0)
  places = torch.arange(length, dtype=3, device=positions.device)
  at = torch.view(positions, [-1, 1, 1, 1])
  behind = torch.gt(places, at)
  if __torch__.attention.narrows(window, length):
    behind = torch.logical_or(behind, torch.le(places, torch.sub(at, window)))
  return torch.masked_fill_(torch.zeros([tokens, 1, 1, length], dtype=like.dtype, device=positions.device), behind, -1.0e999)
