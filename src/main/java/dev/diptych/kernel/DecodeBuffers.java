package dev.diptych.kernel;

import java.lang.foreign.Arena;

/** Memory for what lies between the layers of a step; addresses, row after row. */
final class DecodeBuffers {

  private static final int CACHE_LINE = 64;

  final long stream; // float32 [rows, hidden]
  final long qkv; // float32 [rows, (heads + 2 * kv_heads) * head_dim]
  final long attended; // float32 [rows, heads * head_dim]
  final long gateUp; // float32 [rows, 2 * intermediate]
  final long gated; // float32 [rows, intermediate]
  final long angles; // float32 [rows, 2 * head_dim], as RotateKernel has them
  private final long[] inputs; // of each worker: int8 [rows, inputs] of the next linear layer
  private final long[] rowScales; // of each worker: of these, [rows]
  private final long[] scores; // of each worker: [context, queries]
  private final long[] logits; // of each worker: [rows, DecodeKernels.HEAD_OUTPUTS]

  DecodeBuffers(DecoderShape shape, int rows, int workers, int mostQueries, Arena arena) {
    int widest = Math.max(shape.intermediate(), Math.max(shape.hidden(), shape.attentionWidth()));
    stream = floats(arena, rows, shape.hidden());
    qkv = floats(arena, rows, shape.qkvWidth());
    attended = floats(arena, rows, shape.attentionWidth());
    gateUp = floats(arena, rows, 2 * shape.intermediate());
    gated = floats(arena, rows, shape.intermediate());
    angles = floats(arena, rows, 2 * shape.headDimension());
    inputs = new long[workers];
    rowScales = new long[workers];
    scores = new long[workers];
    logits = new long[workers];
    for (int worker = 0; worker < workers; worker++) {
      inputs[worker] = arena.allocate((long) rows * widest, CACHE_LINE).address();
      rowScales[worker] = arena.allocate((long) rows * RowScales.BYTES, CACHE_LINE).address();
      scores[worker] = floats(arena, shape.contextLength() + KeyValueCache.POSITIONS, mostQueries);
      logits[worker] = floats(arena, rows, DecodeKernels.HEAD_OUTPUTS);
    }
  }

  long input(int worker) {
    return inputs[worker];
  }

  long rowScales(int worker) {
    return rowScales[worker];
  }

  long scores(int worker) {
    return scores[worker];
  }

  long logits(int worker) {
    return logits[worker];
  }

  private static long floats(Arena arena, int rows, int width) {
    return arena.allocate((long) rows * width * Float.BYTES, CACHE_LINE).address();
  }
}
