# Rotary positions. Rows of queries and keys are reordered so that the two channels that rotate together lie side by side and
# rotate as one complex number; channels that do not rotate are multiplied by 1.

# The rotation of each position: [context, 1, head_width / 2], complex
def table(frequencies: Tensor, context: int, head_width: int, magnitude: float) -> Tensor:
  angles = torch.outer(torch.arange(context, dtype=6, device=frequencies.device), torch.to(frequencies, 6))
  rotation = torch.polar(torch.full_like(angles, magnitude), angles)                       # [context, width / 2]
  still = head_width // 2 - torch.size(rotation, 1)
  if still > 0:
    rotation = torch.cat([rotation, torch.ones([context, still], dtype=9, device=rotation.device)], 1)
  return torch.unsqueeze(rotation, 1)

# What queries are multiplied by at each position: [context, 1, 1]
def growth(beta: float, original: int, context: int, like: Tensor) -> Tensor:
  steps = torch.floor(torch.div(torch.arange(context, dtype=6, device=like.device), float(original)))
  return torch.view(torch.add(torch.mul(torch.log1p(steps), beta), 1.0), [context, 1, 1])

# Rotations of all heads' pairs, where those of values stay as they are: rotation [tokens, 1, d / 2], growth [tokens, 1, 1] or
# empty -> [tokens, heads + 2 * kv_heads, d / 2]
def of_heads(rotation: Tensor, growth: Tensor, heads: int, kv_heads: int) -> Tensor:
  tokens = torch.size(rotation, 0)
  pairs = torch.size(rotation, 2)
  still = torch.ones([tokens, kv_heads, pairs], dtype=9, device=rotation.device)
  if torch.numel(growth) > 0:
    queries = torch.expand(torch.mul(rotation, growth), [tokens, heads, pairs])
    return torch.cat([queries, torch.expand(rotation, [tokens, kv_heads, pairs]), still], 1)
  return torch.cat([torch.expand(rotation, [tokens, heads + kv_heads, pairs]), still], 1)

# qkv [tokens, heads + 2 * kv_heads, d] -> the same, rotated
def rotated(qkv: Tensor, rotation: Tensor) -> Tensor:
  pairs = torch.view(qkv, [torch.size(qkv, 0), torch.size(qkv, 1), -1, 2])
  return torch.flatten(torch.view_as_real(torch.mul(torch.view_as_complex(pairs), rotation)), 2)

# Reorders the rows of each head: its first width channels from (first halves, second halves) to pairs, the others stay.
# [heads * head_width, columns]
def pairs(weight: Tensor, head_width: int, width: int) -> Tensor:
  columns = torch.size(weight, 1)
  heads = torch.reshape(weight, [-1, head_width, columns])
  halves = torch.reshape(torch.slice(heads, 1, 0, width), [-1, 2, width // 2, columns])
  turning = torch.reshape(torch.transpose(halves, 1, 2), [-1, width, columns])
  if width == head_width:
    return torch.reshape(turning, [-1, columns])
  return torch.reshape(torch.cat([turning, torch.slice(heads, 1, width)], 1), [-1, columns])
