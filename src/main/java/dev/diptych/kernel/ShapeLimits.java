package dev.diptych.kernel;

import java.util.stream.LongStream;

/** The largest sizes that kernels compute right. */
final class ShapeLimits {

  /**
   * Inputs of a linear layer. Sums are 32-bit integers: as many products of a weight of at most 127
   * and an input of at most 128 are the most that surely fit.
   */
  static final int INPUTS = 1 << 17;

  /** Channels of a head, which are written out in the code one after another. */
  static final int HEAD_DIMENSION = 1024;

  /** Rows of one kernel, which it tells apart by displacements of 32 bits. */
  static final int ROWS = LinearKernel.MOST_ROWS;

  private ShapeLimits() {}

  /** Whether layers can have so many inputs. */
  static boolean areInputs(long... widths) {
    return LongStream.of(widths).allMatch(width -> width > 0 && width <= INPUTS);
  }

  /** Whether rows of so many floats can be told apart. */
  static boolean areRows(long... widths) {
    return LongStream.of(widths)
        .allMatch(width -> width > 0 && width <= Integer.MAX_VALUE / Float.BYTES / ROWS);
  }

  /** Bytes of a row of floats, which must be {@linkplain #areRows one}. */
  static int rowBytes(long width) {
    if (!areRows(width)) {
      throw new IllegalArgumentException("rows of %d floats are too long".formatted(width));
    }
    return Math.multiplyExact((int) width, Float.BYTES);
  }
}
