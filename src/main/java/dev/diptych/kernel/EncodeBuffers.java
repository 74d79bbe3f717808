package dev.diptych.kernel;

import java.util.ArrayList;
import java.util.List;

/** Memory for what lies between the layers of an encoder; addresses, row after row. */
final class EncodeBuffers implements AutoCloseable {

  private static final int OF_A_WORKER = 4;

  final long stream; // float32 [rows, hidden]
  final long input; // int8 [rows, inputs] of the next linear layer
  final long rowScales; // of it, [rows]
  final long qkv; // float32 [rows, 3 * hidden]
  final long attended; // float32 [rows, hidden]
  final long up; // float32 [rows, intermediate]
  final long angles; // float32 [2 * head_dim], all of angle zero
  private final List<Long> cached; // of each worker: keys and values of a head of an input
  private final List<Long> scores; // of each worker: [tokens, queries]
  private final List<Long> logits; // of each worker: [rows, EncodeKernels.HEAD_OUTPUTS]
  private final List<Long> rooms; // of each worker, for a row that is spread
  private final ZeroedMemory memory;

  EncodeBuffers(EncoderShape shape, int rows, int workers, int queries) {
    int widest = Math.max(shape.intermediate(), shape.hidden());
    int blocks = Math.ceilDiv(shape.maxInputTokens(), KeyValueCache.POSITIONS);
    List<Long> sizes = new ArrayList<>();
    sizes.add(floats(rows, shape.hidden()));
    sizes.add((long) rows * widest);
    sizes.add((long) rows * RowScales.BYTES);
    sizes.add(floats(rows, 3L * shape.hidden()));
    sizes.add(floats(rows, shape.hidden()));
    sizes.add(floats(rows, shape.intermediate()));
    sizes.add(floats(2, shape.headDimension()));
    int shared = sizes.size();
    for (int worker = 0; worker < workers; worker++) {
      sizes.add(2L * blocks * KeyValueCache.halfBytes(shape.headDimension()));
      sizes.add(floats((long) blocks * KeyValueCache.POSITIONS, queries));
      sizes.add(shape.masked() ? floats(rows, EncodeKernels.HEAD_OUTPUTS) : 1L);
      sizes.add(floats(1, widest));
    }
    memory = ZeroedMemory.reserve(sizes);
    List<Long> addresses = memory.addresses();
    stream = addresses.get(0);
    input = addresses.get(1);
    rowScales = addresses.get(2);
    qkv = addresses.get(3);
    attended = addresses.get(4);
    up = addresses.get(5);
    angles = addresses.get(6);
    cached = every(addresses, shared);
    scores = every(addresses, shared + 1);
    logits = every(addresses, shared + 2);
    rooms = every(addresses, shared + 3);
    for (int channel = 0; channel < shape.headDimension(); channel++) {
      Native.putFloat(angles + (long) RotateKernel.cosine(channel) * Float.BYTES, 1);
    }
  }

  private static List<Long> every(List<Long> addresses, int first) {
    List<Long> some = new ArrayList<>();
    for (int i = first; i < addresses.size(); i += OF_A_WORKER) {
      some.add(addresses.get(i));
    }
    return some;
  }

  private static long floats(long rows, long width) {
    return Math.multiplyExact(Math.multiplyExact(rows, width), Float.BYTES);
  }

  long cached(int worker) {
    return cached.get(worker);
  }

  long scores(int worker) {
    return scores.get(worker);
  }

  long logits(int worker) {
    return logits.get(worker);
  }

  long room(int worker) {
    return rooms.get(worker);
  }

  @Override
  public void close() {
    memory.close();
  }
}
