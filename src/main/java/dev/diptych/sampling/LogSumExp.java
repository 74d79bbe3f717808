package dev.diptych.sampling;

import java.util.Arrays;

/** The logarithm of a sum of exponentials, which turns logits into log-probabilities. */
public final class LogSumExp {

  /*
   * It runs over a whole vocabulary for every token, so both loops are of a form that the compiler
   * turns into vector instructions: lanes that are independent of each other, no branch, no bit
   * arithmetic. exp(x) is the 4096th power, by twelve squarings, of the Taylor polynomial
   * of exp(x / 4096).
   */

  private static final int LANES = 256;
  private static final double SMALLEST = -100; // far below what a sum that holds exp(0) can show

  private LogSumExp() {}

  /**
   * Of {@code values[offset, offset + count)}; NaN when one of them is NaN or the largest is
   * infinite.
   */
  public static double of(float[] values, int offset, int count) {
    return of(values, offset, count, largest(values, offset, count));
  }

  /** The same where the largest value is known. */
  static double of(float[] values, int offset, int count, float largest) {
    if (!Float.isFinite(largest)) {
      return Double.NaN;
    }
    double[] sums = new double[Math.min(LANES, count)];
    double[] terms = new double[sums.length];
    for (int begin = offset; begin < offset + count; begin += LANES) {
      addExponentials(values, begin, Math.min(LANES, offset + count - begin), largest, terms, sums);
    }
    double sum = 0;
    for (double lane : sums) {
      sum += lane;
    }
    return largest + Math.log(sum);
  }

  /** The largest value; NaN if one is, minus infinity if there is none. */
  static float largest(float[] values, int offset, int count) {
    float[] lanes = new float[Math.min(LANES, count)];
    Arrays.fill(lanes, Float.NEGATIVE_INFINITY);
    for (int begin = offset; begin < offset + count; begin += LANES) {
      raise(lanes, values, begin, Math.min(LANES, offset + count - begin));
    }
    float largest = Float.NEGATIVE_INFINITY;
    for (float lane : lanes) {
      largest = Math.max(largest, lane);
    }
    return largest;
  }

  /** Raises each of the first lanes to the value beside it, if that is larger. */
  static void raise(float[] lanes, float[] values, int begin, int count) {
    for (int i = 0; i < count; i++) {
      lanes[i] = Math.max(lanes[i], values[begin + i]);
    }
  }

  private static void addExponentials(
      float[] values, int begin, int count, float largest, double[] terms, double[] sums) {
    for (int i = 0; i < count; i++) {
      terms[i] = values[begin + i] - largest;
    }
    for (int i = 0; i < count; i++) {
      sums[i] += exp(terms[i]);
    }
  }

  /** e to the power of {@code x}, for x of 0 or less; nearly 0 below -100. */
  static double exp(double x) {
    double z = Math.max(x, SMALLEST) * (1.0 / 4096);
    double power = 1 + z * (1 + z * (1.0 / 2 + z * (1.0 / 6 + z * (1.0 / 24))));
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    power *= power;
    return power * power;
  }
}
