package dev.diptych.sampling;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The exponentials of a block of numbers, none of them above the largest they are taken relative
 * to; each is accurate to 3e-7 of its value, and 0 below -87.7.
 */
final class Exponentials {

  /*
   * x is split into a power of two and a rest within half of ln 2, whose exponential is a
   * polynomial. Every loop is a plain walk over arrays from index 0, without branches, which is what
   * the JIT compiler turns into vector instructions. It does not do so for Float.intBitsToFloat, so
   * the exponent bits of the powers of two become floats by a copy between the arrays.
   */

  static final int BLOCK = 2048;
  private static final int LANES = BLOCK / 8;
  private static final float SMALLEST = -88; // its power of two is -127, whose bits are those of 0
  private static final float LOG2_E = 1.442695f;
  private static final float ROUNDING = 0x1.8p23f; // added and taken off leaves a whole number

  private final float[] arguments = new float[BLOCK];

  /** e to the power of the arguments. */
  final float[] values = new float[BLOCK];

  private final int[] exponents = new int[BLOCK];
  private final float[] powers = new float[BLOCK];
  private final float[] sums = new float[LANES];
  private final MemorySegment exponentBytes = MemorySegment.ofArray(exponents);
  private final MemorySegment powerBytes = MemorySegment.ofArray(powers);

  /** Copies the arguments, at most a block; the rest of the block gets the value 0. */
  void load(float[] source, int from, int count) {
    System.arraycopy(source, from, arguments, 0, count);
    Arrays.fill(arguments, count, BLOCK, Float.NEGATIVE_INFINITY);
  }

  /** Replaces the arguments by {@code (argument - shift) / divisor}. */
  void divide(float shift, float divisor) {
    float[] x = arguments;
    for (int i = 0; i < BLOCK; i++) {
      x[i] = (x[i] - shift) / divisor;
    }
  }

  /** Computes the values of the arguments relative to the largest. */
  void raise(float largest) {
    split(arguments, values, exponents, largest);
    MemorySegment.copy(exponentBytes, 0, powerBytes, 0, powerBytes.byteSize());
    multiply(values, powers);
  }

  /** The sum of the values; NaN if one of them is. */
  double sum() {
    return sum(values, sums);
  }

  /** The sum of the values, each times its argument relative to the largest. */
  double weightedSum() {
    float[] products = powers;
    System.arraycopy(values, 0, products, 0, BLOCK);
    multiply(products, arguments);
    return sum(products, sums);
  }

  /** The exponential of one number of 0 or less. */
  static float of(float x) {
    float bounded = Math.max(x, SMALLEST);
    float power = (bounded * LOG2_E + ROUNDING) - ROUNDING;
    return series(bounded, power) * Float.intBitsToFloat(((int) power + 127) << 23);
  }

  private static void split(float[] x, float[] series, int[] exponents, float largest) {
    for (int i = 0; i < BLOCK; i++) {
      float bounded = Math.max(x[i] - largest, SMALLEST);
      float power = (bounded * LOG2_E + ROUNDING) - ROUNDING;
      x[i] = bounded;
      series[i] = series(bounded, power);
      exponents[i] = ((int) power + 127) << 23;
    }
  }

  private static float series(float x, float power) {
    // ln 2 in two parts, so that the rest keeps its precision
    float r = (x - power * (355f / 512)) + power * 2.1219444e-4f;
    // the Taylor polynomial of degree 7, its last term spread over the others by Chebyshev's
    float series = 1f / 720;
    series = series * r + 8.375046e-3f;
    series = series * r + 1f / 24;
    series = series * r + 0.16666415f;
    series = series * r + 1f / 2;
    series = series * r + 1;
    return series * r + 1;
  }

  private static void multiply(float[] values, float[] factors) {
    for (int i = 0; i < BLOCK; i++) {
      values[i] *= factors[i];
    }
  }

  private static double sum(float[] values, float[] sums) {
    for (int i = 0; i < LANES; i++) {
      sums[i] =
          ((values[i] + values[i + LANES]) + (values[i + 2 * LANES] + values[i + 3 * LANES]))
              + ((values[i + 4 * LANES] + values[i + 5 * LANES])
                  + (values[i + 6 * LANES] + values[i + 7 * LANES]));
    }
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = 0; i < LANES; i += 4) {
      a += sums[i];
      b += sums[i + 1];
      c += sums[i + 2];
      d += sums[i + 3];
    }
    return (a + b) + (c + d);
  }
}
