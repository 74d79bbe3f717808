package dev.diptych.checkpoint;

import static dev.diptych.checkpoint.Quotation.quote;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The bytes of one tensor in a file.
 *
 * @param offset first byte, counted from the start of the file
 * @param length number of bytes, 0 for a tensor without elements
 */
record Extent(String name, long offset, long length) {

  /** Longest shape that a reader takes. */
  static final int MAX_DIMENSIONS = 16;

  /**
   * The number of elements of a shape.
   *
   * @throws InvalidCheckpoint if a dimension is negative, there are too many, or the product does
   *     not fit into 63 bits
   */
  static long elements(Path file, String name, List<Long> shape) throws InvalidCheckpoint {
    if (shape.size() > MAX_DIMENSIONS) {
      throw new InvalidCheckpoint(
          "%s: tensor %s has %d dimensions; at most %d are read"
              .formatted(file, quote(name), shape.size(), MAX_DIMENSIONS));
    }
    // a zero hides no overflow: the dimensions around it are multiplied as well
    long product = 1;
    boolean empty = false;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new InvalidCheckpoint(
            "%s: tensor %s has the negative dimension %d in its shape %s"
                .formatted(file, quote(name), dimension, shape));
      }
      empty |= dimension == 0;
      product = multiply(file, name, shape, product, Math.max(dimension, 1));
    }
    return empty ? 0 : product;
  }

  /**
   * The number of bytes of a tensor.
   *
   * @throws InvalidCheckpoint if its bits do not fit into 63 bits or make no whole bytes, or as
   *     {@link #elements}
   */
  static long bytes(Path file, String name, ElementType type, List<Long> shape)
      throws InvalidCheckpoint {
    long bits = multiply(file, name, shape, elements(file, name, shape), type.bits());
    if (bits % Byte.SIZE != 0) {
      throw new InvalidCheckpoint(
          "%s: tensor %s, %s of shape %s, makes no whole bytes"
              .formatted(file, quote(name), type, shape));
    }
    return bits / Byte.SIZE;
  }

  private static long multiply(Path file, String name, List<Long> shape, long a, long b)
      throws InvalidCheckpoint {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high != 0 || low < 0) {
      throw new InvalidCheckpoint(
          "%s: tensor %s with shape %s is larger than any file"
              .formatted(file, quote(name), shape));
    }
    return low;
  }

  /**
   * Checks that all extents lie in {@code [begin, end)} of the file and that no two overlap.
   *
   * @throws InvalidCheckpoint naming the first tensor that does not
   */
  static void requireInsideAndDisjoint(Path file, List<Extent> extents, long begin, long end)
      throws InvalidCheckpoint {
    for (Extent extent : extents) {
      if (extent.offset < begin || extent.offset > end || extent.length > end - extent.offset) {
        throw new InvalidCheckpoint(
            "%s: tensor %s (%d bytes at offset %d) reaches beyond the data, which is the bytes %d to %d"
                .formatted(file, quote(extent.name), extent.length, extent.offset, begin, end));
      }
    }
    Extent before = null;
    List<Extent> ordered =
        extents.stream()
            .filter(extent -> extent.length > 0)
            .sorted(Comparator.comparingLong(Extent::offset))
            .toList();
    for (Extent extent : ordered) {
      if (before != null && extent.offset < before.offset + before.length) {
        throw new InvalidCheckpoint(
            "%s: tensor %s at offset %d overlaps tensor %s, which ends at %d"
                .formatted(
                    file,
                    quote(extent.name),
                    extent.offset,
                    quote(before.name),
                    before.offset + before.length));
      }
      before = extent;
    }
  }
}
