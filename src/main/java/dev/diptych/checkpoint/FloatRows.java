package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** Reads a stored tensor of floating-point numbers row by row, each as float32. */
public final class FloatRows {

  private FloatRows() {}

  /** Is given each row; the array is not valid afterwards. */
  @FunctionalInterface
  public interface Reader {
    void read(int row, float[] values);
  }

  /**
   * Reads the rows in their order. A vector is one row.
   *
   * @throws InvalidCheckpoint if the tensor has another type of numbers, more than two dimensions,
   *     or a length beyond that of an array
   */
  public static void read(StoredTensor tensor, Reader reader) throws IOException {
    int dimensions = tensor.shape().size();
    if (!tensor.type().canBeWeights() || dimensions < 1 || dimensions > 2) {
      throw new InvalidCheckpoint(
          "%s: tensor %s is %s of %s, not rows of floating-point numbers"
              .formatted(
                  tensor.file().getFileName(),
                  quote(tensor.name()),
                  tensor.shape(),
                  tensor.type()));
    }
    long rows = dimensions == 1 ? 1 : tensor.shape().getFirst();
    long width = tensor.shape().getLast();
    if (rows > Integer.MAX_VALUE || width > Float32Rows.MAX_ROW_ELEMENTS) {
      throw new InvalidCheckpoint(
          "%s: tensor %s of %s is too large"
              .formatted(tensor.file().getFileName(), quote(tensor.name()), tensor.shape()));
    }
    try (FileChannel channel = FileChannel.open(tensor.file());
        Arena arena = Arena.ofConfined()) {
      MemorySegment all =
          channel.map(MapMode.READ_ONLY, tensor.fileOffset(), tensor.byteLength(), arena);
      float[] values = new float[(int) width];
      byte[] bytes = new byte[(int) (tensor.byteLength() / Math.max(rows, 1))];
      for (int row = 0; row < rows; row++) {
        MemorySegment.copy(
            all, ValueLayout.JAVA_BYTE, (long) row * bytes.length, bytes, 0, bytes.length);
        decode(bytes, tensor.type(), values);
        reader.read(row, values);
      }
    }
  }

  private static void decode(byte[] bytes, TensorType type, float[] values) {
    switch (type) {
      case GgmlType quantised -> quantised.dequantize(bytes, 0, values, 0, values.length);
      case ElementType.F32 -> PlainFloats.f32(bytes, 0, values, 0, values.length);
      case ElementType.F16 -> PlainFloats.f16(bytes, 0, values, 0, values.length);
      case ElementType.BF16 -> PlainFloats.bf16(bytes, 0, values, 0, values.length);
      case ElementType _ -> {
        DoubleBuffer doubles =
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) doubles.get(i);
        }
      }
    }
  }
}
