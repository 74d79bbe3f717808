package dev.diptych.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor lies in a file, row-major and little-endian, or in blocks of ggml's. A reader has
 * checked that it lies inside the file, that {@code byteLength} is what shape and type ask for, and
 * that no other tensor overlaps it.
 *
 * @param fileOffset first byte, counted from the start of the file
 */
public record StoredTensor(
    String name, TensorType type, List<Long> shape, Path file, long fileOffset, long byteLength) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Whether it has to be {@linkplain Dequantiser dequantised}. */
  public boolean isQuantised() {
    return type instanceof GgmlType;
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}
