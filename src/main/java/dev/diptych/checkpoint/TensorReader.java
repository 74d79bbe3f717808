package dev.diptych.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.stream.IntStream;

/**
 * Reads a stored tensor into memory, some elements at a time: what is quantised as float32, on all
 * cores and with some hundred kilobytes for each of them, everything else as it is.
 */
public final class TensorReader implements Closeable {

  /** Elements that one core dequantises at a time; a multiple of every type's block. */
  static final int PIECE = 1 << 15;

  private final StoredTensor tensor;
  private final FileChannel file;

  private TensorReader(StoredTensor tensor, FileChannel file) {
    this.tensor = tensor;
    this.file = file;
  }

  /** Opens the file of a tensor. */
  public static TensorReader open(StoredTensor tensor) throws IOException {
    return new TensorReader(tensor, FileChannel.open(tensor.file()));
  }

  /**
   * Fills memory with elements, in the order of the tensor.
   *
   * @param first number of the first element; of a quantised tensor a multiple of a block's, as 256
   *     always is
   * @param memory has elements from its position to its limit, whole blocks of a quantised tensor
   */
  public void read(long first, ByteBuffer memory) throws IOException {
    switch (tensor.type()) {
      case ElementType type ->
          fill(memory.duplicate(), tensor.fileOffset() + first * type.bits() / Byte.SIZE);
      case GgmlType type ->
          dequantise(type, first, memory.slice().order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
  }

  private void dequantise(GgmlType type, long first, FloatBuffer target) throws IOException {
    int count = target.capacity();
    if (first % type.blockElements() != 0 || count % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "%d elements from %d on are not whole blocks".formatted(count, first));
    }
    int workers = Math.min(Math.ceilDiv(count, PIECE), Runtime.getRuntime().availableProcessors());
    try {
      IntStream.range(0, workers)
          .parallel()
          .forEach(worker -> dequantise(type, first, target, worker, workers));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void dequantise(GgmlType type, long first, FloatBuffer target, int worker, int workers) {
    int largest = Math.min(PIECE, target.capacity());
    byte[] blocks = new byte[(int) type.bytes(largest)];
    float[] values = new float[largest];
    for (int begin = worker * PIECE; begin < target.capacity(); begin += workers * PIECE) {
      int count = Math.min(PIECE, target.capacity() - begin);
      try {
        fill(
            ByteBuffer.wrap(blocks, 0, (int) type.bytes(count)),
            tensor.fileOffset() + type.bytes(first + begin));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      type.dequantize(blocks, 0, values, 0, count);
      target.put(begin, values, 0, count);
    }
  }

  private void fill(ByteBuffer memory, long offset) throws IOException {
    int begin = memory.position();
    while (memory.hasRemaining()) {
      if (file.read(memory, offset + memory.position() - begin) < 0) {
        throw new InvalidCheckpoint("%s shrank while it was read".formatted(tensor.file()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
