package dev.diptych.sampling;

import java.util.Arrays;

/**
 * Amounts by their distance from the best, in bins. A bin is at most 1/32 as wide as it is distant,
 * so that few amounts share one whatever the scale.
 */
final class Distances {

  static final int BINS = 1024;

  /*
   * The upper bits of a float, its exponent and five bits of its fraction, are the logarithm of it
   * in pieces. The bins reach from 2^-9 to 2^23; smaller and larger distances share the outermost.
   */

  private static final int SHIFT = 18;
  private static final int FIRST = Float.floatToRawIntBits(0x1p-9f) >>> SHIFT;

  private final double[] amounts = new double[BINS];

  void clear() {
    Arrays.fill(amounts, 0);
  }

  void add(float distance, double amount) {
    amounts[bin(distance)] += amount;
  }

  /** The first bin with which the amounts add up to {@code needed}, or {@link #BINS}. */
  int reaching(double needed) {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += amounts[bin];
      if (sum >= needed) {
        return bin;
      }
    }
    return BINS;
  }

  /** The sum of the amounts in the bins before this one. */
  double before(int bin) {
    double sum = 0;
    for (int i = 0; i < bin; i++) {
      sum += amounts[i];
    }
    return sum;
  }

  /** The bin of a distance of 0 or more. */
  static int bin(float distance) {
    int bin = (Float.floatToRawIntBits(distance) >>> SHIFT) - FIRST;
    return Math.max(0, Math.min(bin, BINS - 1));
  }

  /** The largest distance in a bin. */
  static float limit(int bin) {
    return bin >= BINS - 1
        ? Float.POSITIVE_INFINITY
        : Math.nextDown(Float.intBitsToFloat((bin + 1 + FIRST) << SHIFT));
  }
}
