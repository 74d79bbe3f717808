package dev.diptych.kernel;

/**
 * The exponential function of 16 numbers: {@code exp(x) = 2^n * 2^(x / ln 2 - n)} with the nearest
 * whole number n, and a polynomial of degree 5 for the second factor. The relative error is at most
 * 3e-7 plus that of a rounded x / ln 2, about {@code |x| * 6e-8}.
 */
final class Exponential {

  /* The polynomial goes through the values at the six Chebyshev nodes between -1/2 and 1/2. */

  private static final float LOG2_E = (float) (1 / Math.log(2));
  private static final float[] COEFFICIENTS = {
    1.339086e-3f, 9.676032e-3f, 5.550357e-2f, 0.24022107f, 0.6931472f, 1.0000001f
  };
  private static final int CONSTANTS = COEFFICIENTS.length + 1;

  private final Zmm[] coefficients = new Zmm[COEFFICIENTS.length];
  private final Zmm log2e;
  private final Zmm whole;
  private final Zmm polynomial;

  /** Loads what it needs into registers from a first one on. */
  Exponential(Assembler a, int firstRegister) {
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = new Zmm(firstRegister + i);
      a.constant(coefficients[i], COEFFICIENTS[i]);
    }
    log2e = new Zmm(firstRegister + coefficients.length);
    whole = new Zmm(firstRegister + CONSTANTS);
    polynomial = new Zmm(firstRegister + CONSTANTS + 1);
    a.constant(log2e, LOG2_E);
  }

  /** Replaces x, which is finite, by exp(x). */
  void of(Assembler a, Zmm x) {
    toBaseTwo(a, x);
    ofBaseTwo(a, x);
  }

  /** Replaces x by x / ln 2. */
  void toBaseTwo(Assembler a, Zmm x) {
    a.vector(Instruction.VMULPS, x, x, log2e);
  }

  /** Replaces x by x / ln 2 - other. */
  void toBaseTwoLess(Assembler a, Zmm x, Operand other) {
    a.vector(Instruction.VFMSUB213PS, x, log2e, other);
  }

  /**
   * Replaces x, which is finite, by 2 to the x; very small and very large ones are 0 and infinite.
   */
  void ofBaseTwo(Assembler a, Zmm x) {
    a.vector(Instruction.VRNDSCALEPS, whole, x, 0);
    a.vector(Instruction.VSUBPS, x, x, whole);
    a.vector(Instruction.VMOVUPS, polynomial, coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      a.vector(Instruction.VFMADD213PS, polynomial, x, coefficients[i]);
    }
    a.vector(Instruction.VSCALEFPS, x, polynomial, whole);
  }
}
