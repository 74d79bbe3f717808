package dev.diptych.kernel;

/**
 * The gelu of 16 numbers, {@code x * Phi(x)} with the distribution function Phi of the normal
 * distribution (Hendrycks and Gimpel 2016, arXiv:1606.08415), to within 1e-5.
 */
final class Gelu {

  /*
   * gelu(x) = max(x, 0) - h(|x|) with h(a) = a * Phi(-a). On each of 16 segments h is a polynomial of
   * degree 3 through its values at four Chebyshev nodes; the last one is 0. Segment n is around n /
   * SCALE. Adding 2^23 to a * SCALE rounds it to n and leaves n in the lowest bits, by which a
   * permutation picks the coefficients.
   */

  private static final int SEGMENTS = 16;
  private static final int DEGREE = 3;
  private static final float SCALE = 2.8f;
  private static final float ROUNDING = 1 << 23;
  private static final int STEPS = 256; // of an integral
  private static final int VECTOR = 64;
  private static final double[][] POLYNOMIALS = new double[SEGMENTS][DEGREE + 1];

  static {
    for (int n = 0; n < SEGMENTS - 1; n++) {
      POLYNOMIALS[n] = polynomial(n);
    }
  }

  private final Zmm[] coefficients = new Zmm[DEGREE + 1];
  private final Zmm absolute;
  private final Zmm scale;
  private final Zmm last;
  private final Zmm rounding;
  private final Zmm zero;
  private final Zmm distance;
  private final Zmm segment;
  private final Zmm picked;
  private final Zmm polynomial;

  /** Takes 13 registers and loads constants; overwrites rax and the red zone. */
  Gelu(Assembler a, int firstRegister) {
    int next = firstRegister;
    for (int power = 0; power <= DEGREE; power++) {
      coefficients[power] = new Zmm(next++);
    }
    absolute = new Zmm(next++);
    scale = new Zmm(next++);
    last = new Zmm(next++);
    rounding = new Zmm(next++);
    zero = new Zmm(next++);
    distance = new Zmm(next++);
    segment = new Zmm(next++);
    picked = new Zmm(next++);
    polynomial = new Zmm(next);
    for (int power = 0; power <= DEGREE; power++) {
      for (int n = 0; n < SEGMENTS; n++) {
        a.move(Gpr.RAX, Float.floatToRawIntBits((float) POLYNOMIALS[n][power]));
        a.store32(Gpr.RSP, n * Float.BYTES - VECTOR, Gpr.RAX);
      }
      a.load(coefficients[power], Gpr.RSP, -VECTOR);
    }
    a.constant(absolute, Integer.MAX_VALUE);
    a.constant(scale, SCALE);
    a.constant(last, (SEGMENTS - 1) / SCALE);
    a.constant(rounding, ROUNDING);
    a.zero(zero);
  }

  /** Replaces x by its gelu; what is not a number stays so. */
  void of(Assembler a, Zmm x) {
    a.vector(Instruction.VPANDD, distance, x, absolute);
    a.vector(Instruction.VMINPS, distance, distance, last);
    a.vector(Instruction.VMOVUPS, segment, rounding);
    a.vector(Instruction.VFMADD231PS, segment, distance, scale);
    a.vector(Instruction.VSUBPS, picked, segment, rounding);
    a.vector(Instruction.VFMSUB213PS, distance, scale, picked); // from the segment's middle
    a.vector(Instruction.VPERMPS, polynomial, segment, coefficients[DEGREE]);
    for (int power = DEGREE - 1; power >= 0; power--) {
      a.vector(Instruction.VPERMPS, picked, segment, coefficients[power]);
      a.vector(Instruction.VFMADD213PS, polynomial, distance, picked);
    }
    a.vector(Instruction.VMAXPS, x, zero, x); // x if it is no number
    a.vector(Instruction.VSUBPS, x, x, polynomial);
  }

  /* Coefficients in f = a * SCALE - n, from -1/2 to 1/2, by Newton's divided differences. */
  private static double[] polynomial(int n) {
    double[] nodes = new double[DEGREE + 1];
    double[] differences = new double[DEGREE + 1];
    for (int i = 0; i <= DEGREE; i++) {
      nodes[i] = Math.cos((2 * i + 1) * Math.PI / (2 * (DEGREE + 1))) / 2;
      differences[i] = upper((n + nodes[i]) / SCALE);
    }
    for (int order = 1; order <= DEGREE; order++) {
      for (int i = DEGREE; i >= order; i--) {
        differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - order]);
      }
    }
    double[] polynomial = new double[DEGREE + 1];
    for (int i = DEGREE; i >= 0; i--) {
      for (int power = DEGREE; power > 0; power--) {
        polynomial[power] = polynomial[power - 1] - nodes[i] * polynomial[power];
      }
      polynomial[0] = differences[i] - nodes[i] * polynomial[0];
    }
    return polynomial;
  }

  /* a * Phi(-a), by Simpson's rule. */
  private static double upper(double a) {
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
      double at = i * a / STEPS;
      int weight = i == 0 || i == STEPS ? 1 : 2 + 2 * (i % 2);
      sum += weight * Math.exp(-at * at / 2);
    }
    return a * (0.5 - sum * a / STEPS / 3 / Math.sqrt(2 * Math.PI));
  }
}
