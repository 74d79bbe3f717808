package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * The exact gelu, {@code x / 2 * (1 + erf(x / sqrt(2)))}, in place. The error function is formula
 * 7.1.26 of Abramowitz and Stegun, right to 1.5e-7.
 */
final class GeluKernel {

  /*
   * For z = |x| / sqrt(2), t = 1 / (1 + P z): erf(z) = 1 - polynomial(t) exp(-z²). With r the second
   * term, gelu(x) is x - x r / 2 for x > 0, and x r / 2 otherwise: max(x, 0) - |x| r / 2.
   */

  private static final int VECTOR = 64;
  private static final double P = 0.3275911;
  private static final double[] COEFFICIENTS = {
    1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592
  };

  private static final Zmm X = new Zmm(0);
  private static final Zmm ABSOLUTE = new Zmm(1);
  private static final Zmm T = new Zmm(2);
  private static final Zmm POWER = new Zmm(3);
  private static final Zmm POLYNOMIAL = new Zmm(4);
  private static final Zmm ZERO = new Zmm(5);
  private static final Zmm MASK = new Zmm(6);
  private static final Zmm P_BY_ROOT = new Zmm(7);
  private static final Zmm MINUS_HALF = new Zmm(8);
  private static final Zmm TWO = new Zmm(9);
  private static final int COEFFICIENTS_FROM = 10;
  private static final int EXPONENTIAL_FROM = 15;

  private final MachineCode code;

  GeluKernel(Arena arena) {
    Assembler a = new Assembler();
    Exponential exponential = new Exponential(a, EXPONENTIAL_FROM);
    a.zero(ZERO);
    a.constant(MASK, Integer.MAX_VALUE);
    a.constant(P_BY_ROOT, (float) (P / Math.sqrt(2)));
    a.constant(MINUS_HALF, -0.5f);
    a.constant(TWO, 2f);
    for (int i = 0; i < COEFFICIENTS.length; i++) {
      a.constant(new Zmm(COEFFICIENTS_FROM + i), (float) COEFFICIENTS[i]);
    }
    int next = a.here();
    a.load(X, RDI, 0);
    a.vector(Instruction.VPANDD, ABSOLUTE, X, MASK);
    a.vector(Instruction.VMOVUPS, T, exponential.one());
    a.vector(Instruction.VFMADD231PS, T, ABSOLUTE, P_BY_ROOT);
    inverse(a, T);
    a.vector(Instruction.VMULPS, POWER, X, X);
    a.vector(Instruction.VMULPS, POWER, POWER, MINUS_HALF); // -z²
    exponential.of(a, POWER);
    a.vector(Instruction.VMOVUPS, POLYNOMIAL, new Zmm(COEFFICIENTS_FROM));
    for (int i = 1; i < COEFFICIENTS.length; i++) {
      a.vector(Instruction.VFMADD213PS, POLYNOMIAL, T, new Zmm(COEFFICIENTS_FROM + i));
    }
    a.vector(Instruction.VMULPS, POLYNOMIAL, POLYNOMIAL, T);
    a.vector(Instruction.VMULPS, POLYNOMIAL, POLYNOMIAL, POWER);
    a.vector(Instruction.VMULPS, POLYNOMIAL, POLYNOMIAL, MINUS_HALF);
    a.vector(Instruction.VMAXPS, X, X, ZERO);
    a.vector(Instruction.VFMADD231PS, X, ABSOLUTE, POLYNOMIAL);
    a.store(RDI, 0, X);
    a.add(RDI, VECTOR);
    a.loop(RSI, next);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /* An approximation to 14 bits and a step of Newton's method: i = i (2 - d i). */
  private static void inverse(Assembler a, Zmm d) {
    a.vector(Instruction.VRCP14PS, POLYNOMIAL, d);
    a.vector(Instruction.VFNMADD213PS, d, POLYNOMIAL, TWO);
    a.vector(Instruction.VMULPS, d, d, POLYNOMIAL);
  }

  /**
   * Replaces values.
   *
   * @param vectors how many times 16, at least 1
   */
  void apply(long values, long vectors) {
    code.call(values, vectors, 0, 0, 0, 0, 0);
  }
}
