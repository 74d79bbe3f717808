package dev.diptych.sampling;

/**
 * The logarithm of a sum of exponentials, which turns logits into log-probabilities.
 *
 * <p>It runs over a whole vocabulary for every token, where {@link Math#exp} would cost more than
 * the rest of sampling together; the exponential here is accurate to 3e-7 of its value.
 */
public final class LogSumExp {

  private static final float LOG2_E = 1.442695f;
  private static final float SMALLEST = -87f;

  private LogSumExp() {}

  /**
   * Of {@code values[offset, offset + count)}; NaN when one of them is NaN or the largest is
   * infinite.
   */
  public static double of(float[] values, int offset, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + count; i++) {
      largest = Math.max(largest, values[i]);
    }
    if (!Float.isFinite(largest)) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = offset; i < offset + count; i++) {
      sum += exp(values[i] - largest);
    }
    return largest + Math.log(sum);
  }

  /**
   * e to the power of {@code x}, for x of 0 or less; 0 below -87.
   *
   * <p>Splits x into a power of two, which goes into the exponent bits, and a rest within half of
   * ln 2, whose exponential is its Taylor polynomial of degree 7.
   */
  static float exp(float x) {
    if (x < SMALLEST) {
      return 0;
    }
    float power = (float) Math.rint(x * LOG2_E);
    // ln 2 in two parts, so that the rest keeps its precision
    float r = (x - power * 355f / 512) + power * 2.1219444e-4f;
    float series = 1f / 5040;
    series = series * r + 1f / 720;
    series = series * r + 1f / 120;
    series = series * r + 1f / 24;
    series = series * r + 1f / 6;
    series = series * r + 1f / 2;
    series = series * r + 1;
    series = series * r + 1;
    return series * Float.intBitsToFloat(((int) power + 127) << 23);
  }
}
