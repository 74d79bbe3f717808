package dev.diptych.kernel;

import java.util.ArrayList;
import java.util.List;

/** Memory for what lies between the layers of a step; addresses, row after row. */
final class DecodeBuffers implements AutoCloseable {

  private static final int SHARED = 5;
  private static final int OF_A_WORKER = 5;

  final long stream; // float32 [rows, hidden]
  final long qkv; // float32 [rows, (heads + 2 * kv_heads) * head_dim]
  final long attended; // float32 [rows, heads * head_dim]
  final long gateUp; // float32 [rows, 2 * intermediate]
  final long gated; // float32 [rows, intermediate], behind it
  final long angles; // float32 [rows, 2 * head_dim], as RotateKernel has them
  private final ZeroedMemory memory;
  private final List<Long> addresses;

  DecodeBuffers(DecoderShape shape, int rows, int workers, int queries) {
    int widest = Math.max(shape.intermediate(), Math.max(shape.hidden(), shape.attentionWidth()));
    List<Long> sizes = new ArrayList<>();
    sizes.add(floats(rows, shape.hidden()));
    sizes.add(floats(rows, shape.qkvWidth()));
    sizes.add(floats(rows, shape.attentionWidth()));
    sizes.add(floats(rows, 3L * shape.intermediate()));
    sizes.add(floats(rows, 2L * shape.headDimension()));
    for (int worker = 0; worker < workers; worker++) {
      sizes.add((long) rows * widest);
      sizes.add((long) rows * RowScales.BYTES);
      sizes.add(floats((long) shape.contextLength() + KeyValueCache.POSITIONS, queries));
      sizes.add(floats(rows, DecodeKernels.HEAD_OUTPUTS));
      sizes.add(floats(1, widest));
    }
    memory = ZeroedMemory.reserve(sizes);
    addresses = memory.addresses();
    stream = addresses.get(0);
    qkv = addresses.get(1);
    attended = addresses.get(2);
    gateUp = addresses.get(3);
    gated = gateUp + floats(rows, 2L * shape.intermediate());
    angles = addresses.get(4);
  }

  private static long floats(long rows, long width) {
    return Math.multiplyExact(Math.multiplyExact(rows, width), Float.BYTES);
  }

  /** int8 {@code [rows, inputs]} of the next linear layer, of a worker. */
  long input(int worker) {
    return ofWorker(worker, 0);
  }

  /** Of these, {@code [rows]}, as {@link RowScales} describes them. */
  long rowScales(int worker) {
    return ofWorker(worker, 1);
  }

  /** float32 {@code [blocks of positions, queries, 32]} of a worker. */
  long scores(int worker) {
    return ofWorker(worker, 2);
  }

  /** float32 {@code [rows, HEAD_OUTPUTS]} of a worker. */
  long logits(int worker) {
    return ofWorker(worker, 3);
  }

  /** float32, for a row that is spread by a worker. */
  long room(int worker) {
    return ofWorker(worker, 4);
  }

  private long ofWorker(int worker, int which) {
    return addresses.get(SHARED + OF_A_WORKER * worker + which);
  }

  @Override
  public void close() {
    memory.close();
  }
}
