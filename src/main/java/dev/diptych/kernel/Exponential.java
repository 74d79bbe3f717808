package dev.diptych.kernel;

/**
 * The exponential function of 16 numbers, to about 2 units in the last place: {@code exp(x) = 2^n *
 * exp(x - n * ln 2)}, with the whole number n that leaves at most half of ln 2, and a polynomial of
 * degree 6 for what is left.
 */
final class Exponential {

  /* ln 2 is subtracted in two parts, the first of which has few digits. Cody and Waite, 1980. */

  private static final float LOG2_E = (float) (1 / Math.log(2));
  private static final float LN2_HIGH = 355f / 512;
  private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);
  private static final float LEAST = -200f; // whose exponential is 0
  private static final float MOST = 88f;
  private static final float[] COEFFICIENTS = {1f / 720, 1f / 120, 1f / 24, 1f / 6, 1f / 2, 1f, 1f};

  private final Zmm[] coefficients = new Zmm[COEFFICIENTS.length];
  private final Zmm log2e;
  private final Zmm high;
  private final Zmm low;
  private final Zmm least;
  private final Zmm most;
  private final Zmm whole;
  private final Zmm polynomial;

  /** Loads what it needs into registers from a first one on. */
  Exponential(Assembler a, int firstRegister) {
    int next = firstRegister;
    for (int i = 0; i < coefficients.length; i++) {
      boolean again = i > 0 && COEFFICIENTS[i] == COEFFICIENTS[i - 1];
      coefficients[i] = again ? coefficients[i - 1] : new Zmm(next++);
      a.constant(coefficients[i], COEFFICIENTS[i]);
    }
    log2e = new Zmm(next++);
    high = new Zmm(next++);
    low = new Zmm(next++);
    least = new Zmm(next++);
    most = new Zmm(next++);
    whole = new Zmm(next++);
    polynomial = new Zmm(next);
    a.constant(log2e, LOG2_E);
    a.constant(high, LN2_HIGH);
    a.constant(low, LN2_LOW);
    a.constant(least, LEAST);
    a.constant(most, MOST);
  }

  /** Replaces x by exp(x). */
  void of(Assembler a, Zmm x) {
    a.vector(Instruction.VMAXPS, x, x, least);
    a.vector(Instruction.VMINPS, x, x, most);
    a.vector(Instruction.VMULPS, whole, x, log2e);
    a.vector(Instruction.VRNDSCALEPS, whole, whole, 0);
    a.vector(Instruction.VFNMADD231PS, x, whole, high);
    a.vector(Instruction.VFNMADD231PS, x, whole, low);
    a.vector(Instruction.VMOVUPS, polynomial, coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      a.vector(Instruction.VFMADD213PS, polynomial, x, coefficients[i]);
    }
    a.vector(Instruction.VSCALEFPS, x, polynomial, whole);
  }

  /** 1 in every lane. */
  Zmm one() {
    return coefficients[coefficients.length - 1];
  }
}
