# BERT, RoBERTa and DistilBERT: learned positions, bidirectional attention, LayerNorm after each half of a layer. As
# transformers' models/bert/modeling_bert.py; the caller renames the weights to BERT's. Inputs are concatenated, linear layers
# see [tokens, hidden]. Attention runs over runs of inputs that are padded to the same length; what is behind the runs is
# padding too. Few different shapes matter more than a little padding: oneDNN compiles a kernel for each of them.

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  reduced : bool                              # attention may compute in bfloat16
  fused : bool                                # attention is always one operator
  epsilon : float
  dtype : int
  embedding : Tensor                          # [vocabulary, hidden]
  positions : Tensor                          # [positions, hidden]
  segments : Tensor                           # [segments, hidden]; empty without
  norms : List[Tensor]                        # embedding's weight and bias; per layer: weight, bias, weight, bias
  qkv : List[__torch__.linear.Linear]         # hidden -> 3 * hidden
  out : List[__torch__.linear.Linear]         # hidden -> hidden
  up : List[__torch__.linear.Linear]          # hidden -> intermediate
  down : List[__torch__.linear.Linear]        # intermediate -> hidden
  mlm : List[__torch__.linear.Linear]         # transform hidden -> hidden, decoder hidden -> vocabulary; empty without

  def init(self: __torch__.Model, weights: Dict[str, Tensor], layers: int, heads: int, epsilon: float, kernel: int, dtype: int, reduced: bool, reduce_range: bool, fused: bool) -> NoneType:
    self.layers = layers
    self.heads = heads
    self.reduced = reduced
    self.fused = fused
    self.epsilon = epsilon
    self.dtype = dtype
    self.embedding = __torch__.linear.kept(weights["embeddings.word_embeddings.weight"], kernel, dtype)
    self.positions = __torch__.linear.kept(weights["embeddings.position_embeddings.weight"], kernel, dtype)
    self.segments = torch.empty([0])
    if torch.__contains__(weights, "embeddings.token_type_embeddings.weight"):
      self.segments = __torch__.linear.kept(weights["embeddings.token_type_embeddings.weight"], kernel, dtype)
    norms = [__torch__.linear.copied(weights["embeddings.LayerNorm.weight"], dtype), __torch__.linear.copied(weights["embeddings.LayerNorm.bias"], dtype)]
    qkv = annotate(List[__torch__.linear.Linear], [])
    out = annotate(List[__torch__.linear.Linear], [])
    up = annotate(List[__torch__.linear.Linear], [])
    down = annotate(List[__torch__.linear.Linear], [])
    for i in range(layers):
      layer = torch.format("encoder.layer.{}.", i)
      attention = layer + "attention.self."
      weight = torch.cat([weights[attention + "query.weight"], weights[attention + "key.weight"], weights[attention + "value.weight"]])
      bias = torch.cat([weights[attention + "query.bias"], weights[attention + "key.bias"], weights[attention + "value.bias"]])
      if kernel == 5:
        hidden = torch.size(weight, 1)
        scale = torch.cat([torch.full([hidden], 1.0 / torch.sqrt(hidden // heads), dtype=6), torch.ones([2 * hidden], dtype=6)])
        weight = __torch__.spread.for_blocks(torch.mul(weight, torch.unsqueeze(scale, 1)))
        bias = torch.mul(bias, scale)
      _0 = torch.append(qkv, __torch__.linear.Linear(weight, bias, kernel, dtype, reduce_range))
      _1 = torch.append(out, __torch__.layer(weights, layer + "attention.output.dense", kernel, dtype, reduce_range))
      _2 = torch.append(up, __torch__.layer(weights, layer + "intermediate.dense", kernel, dtype, reduce_range))
      _3 = torch.append(down, __torch__.layer(weights, layer + "output.dense", kernel, dtype, reduce_range))
      for norm in ["attention.output.LayerNorm.weight", "attention.output.LayerNorm.bias", "output.LayerNorm.weight", "output.LayerNorm.bias"]:
        _4 = torch.append(norms, __torch__.linear.copied(weights[layer + norm], dtype))
    if torch.__contains__(weights, "mlm.transform.weight"):
      decoder = weights["embeddings.word_embeddings.weight"]
      if torch.__contains__(weights, "mlm.decoder.weight"):
        decoder = weights["mlm.decoder.weight"]
      if kernel == 5:
        decoder = __torch__.spread.for_blocks(decoder)
      head = __torch__.linear.Linear(decoder, weights["mlm.bias"], kernel, dtype, reduce_range)
      self.mlm = [__torch__.layer(weights, "mlm.transform", kernel, dtype, reduce_range), head]
      _5 = torch.append(norms, __torch__.linear.copied(weights["mlm.LayerNorm.weight"], dtype))
      _6 = torch.append(norms, __torch__.linear.copied(weights["mlm.LayerNorm.bias"], dtype))
    self.norms = norms
    self.qkv = qkv
    self.out = out
    self.up = up
    self.down = down
    return None

  # Writes the weights of kernel 5 into memory as dev.diptych.kernel reads them, and all that it looks up. One tensor [bytes]
  # for each linear layer and for the embeddings of tokens, positions and segments, and one for the norms
  def export(self: __torch__.Model, memory: List[Tensor]) -> List[Tensor]:
    written = annotate(List[Tensor], [])
    for i in range(self.layers):
      _0 = torch.extend(written, self.qkv[i].panels(memory[4 * i]))
      _1 = torch.extend(written, self.out[i].panels(memory[4 * i + 1]))
      _2 = torch.extend(written, self.up[i].panels(memory[4 * i + 2]))
      _3 = torch.extend(written, self.down[i].panels(memory[4 * i + 3]))
    next = 4 * self.layers
    for linear in self.mlm:
      _4 = torch.extend(written, linear.panels(memory[next]))
      next = next + 1
    for table in [self.embedding, self.positions, self.segments]:
      if torch.numel(table) > 0:
        kept = torch.set_(torch.empty([0], dtype=5), memory[next], 0, torch.size(table), [torch.size(table, 1), 1])
        _5 = torch.append(written, torch.copy_(kept, table))
      next = next + 1
    norms = torch.cat(self.norms)
    kept = torch.set_(torch.empty([0], dtype=6), memory[next], 0, torch.size(norms), [1])
    _6 = torch.append(written, torch.copy_(kept, norms))
    return written

  # x [tokens, hidden] through norm number n
  def norm(self: __torch__.Model, x: Tensor, n: int) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 1)], self.norms[2 * n], self.norms[2 * n + 1], self.epsilon)

  # runs: pairs of (inputs, their padded length) in batch order; lengths [inputs] without padding.
  # tokens, types, places [tokens] -> [tokens, hidden]
  def states(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor) -> Tensor:
    x = torch.add(torch.to(torch.embedding(self.embedding, tokens), 6), torch.embedding(self.positions, places))
    if torch.numel(self.segments) > 0:
      x = torch.add(x, torch.embedding(self.segments, types))
    x = self.norm(torch.to(x, self.dtype), 0)
    masks = __torch__.masks(runs, lengths, x)
    for i in range(self.layers):
      qkv = self.qkv[i].forward(x)                                                # [tokens, 3 * hidden]
      a = __torch__.attention(qkv, self.heads, runs, masks, self.reduced, self.fused)
      x = self.norm(self.out[i].add(a, x), 2 * i + 1)
      x = self.norm(self.down[i].add(self.up[i].gelu(x, "none"), x), 2 * i + 2)
    return x

  def hidden_states(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor) -> Tensor:
    return torch.to(self.states(tokens, types, places, runs, lengths), 6)

  # pooling 0 mean, 1 first token, 2 last token, 3 largest, 4 sum over the root of the number, 5 mean weighted by position;
  # without the first skipped tokens of each input -> [inputs, hidden]
  def pooled(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor, pooling: int, skipped: int) -> Tensor:
    x = self.states(tokens, types, places, runs, lengths)
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

  # rows [n]: tokens whose vocabulary logits are wanted -> [n, vocabulary]
  def mlm_logits(self: __torch__.Model, tokens: Tensor, types: Tensor, places: Tensor, runs: List[int], lengths: Tensor, rows: Tensor) -> Tensor:
    x = torch.index_select(self.states(tokens, types, places, runs, lengths), 0, rows)
    x = self.norm(self.mlm[0].gelu(x, "none"), 2 * self.layers + 1)
    return torch.to(self.mlm[1].forward(x), 6)

def layer(weights: Dict[str, Tensor], name: str, kernel: int, dtype: int, reduce_range: bool) -> __torch__.linear.Linear:
  weight = weights[name + ".weight"]
  if kernel == 5:
    weight = __torch__.spread.for_blocks(weight)
  return __torch__.linear.Linear(weight, weights[name + ".bias"], kernel, dtype, reduce_range)

# What hides the padding of each run, 0 or minus infinity: [inputs, 1, 1, length]
def masks(runs: List[int], lengths: Tensor, like: Tensor) -> List[Tensor]:
  masks = annotate(List[Tensor], [])
  input = 0
  for r in range(torch.len(runs) // 2):
    count = runs[2 * r]
    own = torch.view(torch.slice(lengths, 0, input, input + count), [count, 1, 1, 1])
    input = input + count
    padding = torch.ge(torch.arange(runs[2 * r + 1], dtype=3, device=lengths.device), own)
    _0 = torch.append(masks, torch.masked_fill(torch.zeros_like(padding, dtype=like.dtype), padding, -1.0e999))
  return masks

# qkv [tokens, 3 * hidden] -> [tokens, hidden]; each input attends to itself only. reduced: bfloat16 is precise enough
def attention(qkv: Tensor, heads: int, runs: List[int], masks: List[Tensor], reduced: bool, fused: bool) -> Tensor:
  parts = annotate(List[Tensor], [])
  first = 0
  for r in range(torch.len(runs) // 2):
    count = runs[2 * r]
    length = runs[2 * r + 1]
    run = torch.view(torch.slice(qkv, 0, first, first + count * length), [count, length, 3, heads, -1])
    first = first + count * length
    if reduced and not fused and count * length >= 64:
      _0 = torch.append(parts, __torch__.by_products(run, masks[r]))
    else:
      split = torch.permute(run, [2, 0, 3, 1, 4])                                 # [3, inputs, heads, length, d]
      out = torch.scaled_dot_product_attention(torch.select(split, 0, 0), torch.select(split, 0, 1), torch.select(split, 0, 2), torch.to(masks[r], qkv), 0.0, False, scale=None, enable_gqa=False)
      _1 = torch.append(parts, torch.reshape(torch.transpose(out, 1, 2), [count * length, -1]))
  tokens, three_hidden = torch.size(qkv)
  if first < tokens:
    _2 = torch.append(parts, torch.zeros([tokens - first, three_hidden // 3], dtype=qkv.dtype, device=qkv.device))
  if torch.len(parts) == 1:
    return parts[0]
  return torch.cat(parts)

# Attention as two batched matrix products in bfloat16, which oneDNN computes; libtorch's own takes twice as long on AMD's
# CPUs. run [inputs, length, 3, heads, d], mask [inputs, 1, 1, length] -> [inputs * length, heads * d]
def by_products(run: Tensor, mask: Tensor) -> Tensor:
  inputs, length, three, heads, d = torch.size(run)
  reduced = torch.to(run, 15)
  q = torch.reshape(torch.permute(torch.select(reduced, 2, 0), [0, 2, 1, 3]), [inputs * heads, length, d])
  k = torch.reshape(torch.permute(torch.select(reduced, 2, 1), [0, 2, 3, 1]), [inputs * heads, d, length])
  v = torch.reshape(torch.permute(torch.select(reduced, 2, 2), [0, 2, 1, 3]), [inputs * heads, length, d])
  s = torch.bmm(torch.mul(q, 1.0 / torch.sqrt(d)), k)                             # [inputs * heads, length, length]
  _0 = torch.add_(torch.view(s, [inputs, heads, length, length]), torch.to(mask, s))
  out = torch.view(torch.bmm(torch.softmax(s, 2), v), [inputs, heads, length, d])
  return torch.to(torch.reshape(torch.transpose(out, 1, 2), [inputs * length, heads * d]), run)
