package dev.diptych.model;

import java.io.IOException;

/**
 * The largest sizes that a configuration may have, and the largest products of them: whatever is
 * within these has addresses, strides and array lengths that fit their types.
 */
public final class SizeLimits {

  public static final int VOCABULARY = 2_000_000;
  public static final int WIDTH = 1 << 17;
  public static final int LAYERS = 1024;
  public static final int POSITIONS = 1 << 24;

  /** Rows of a table of positions that a checkpoint brings. */
  public static final int LEARNED_POSITIONS = 1 << 16;

  public static final int SEGMENTS = 1024;

  /** Elements of one tensor. */
  public static final long TENSOR = 1L << 33;

  /** Elements of the table of rotations, eight bytes for two of them. */
  public static final long ROTATIONS = 1L << 28;

  /** Elements of keys and values that one token has in all layers. */
  public static final long CACHED = 1L << 26;

  /** Elements of all weights. */
  public static final long WEIGHTS = 1L << 40;

  private SizeLimits() {}

  /** The product of two sizes, which must not be larger than a limit. */
  public static long product(String a, long x, String b, long y, long limit) throws IOException {
    long product = Math.multiplyExact(x, y);
    if (product > limit) {
      throw new IOException(
          "config.json: %s %d times %s %d is %d, more than the %d that can be computed"
              .formatted(a, x, b, y, product, limit));
    }
    return product;
  }

  /** Refuses a size that is no multiple of another. */
  public static void divisible(String what, int value, String by, int divisor) throws IOException {
    if (value % divisor != 0) {
      throw new IOException(
          "config.json: %s %d is not a multiple of %s %d".formatted(what, value, by, divisor));
    }
  }
}
