package dev.diptych.kernel;

/**
 * Rounds float32 to bfloat16, to the nearest and the even one of two: half of what is cut off is
 * added, less one, and the last bit that stays.
 */
final class Bfloat16 {

  /** What is rounded. */
  static final Zmm X = new Zmm(0);

  private static final int LESS_THAN_HALF = 0x7FFF;
  private static final Zmm HALF = new Zmm(2);
  private static final Zmm ONE = new Zmm(3);
  private static final Zmm LAST_BIT = new Zmm(4);

  /** Loads constants into registers 2 and 3; overwrites rax. */
  Bfloat16(Assembler a) {
    a.constant(HALF, LESS_THAN_HALF);
    a.constant(ONE, 1);
  }

  /** Rounds X, whose upper halves are the result then; overwrites register 4. */
  void round(Assembler a) {
    a.shiftRight(LAST_BIT, X, Short.SIZE);
    a.vector(Instruction.VPANDD, LAST_BIT, LAST_BIT, ONE);
    a.vector(Instruction.VPADDD, X, X, HALF);
    a.vector(Instruction.VPADDD, X, X, LAST_BIT);
  }

  /** Rounds X and stores 16 times 16 bits. */
  void store(Assembler a, Gpr base, int displacement) {
    round(a);
    a.shiftRight(X, X, Short.SIZE);
    a.vector(Instruction.VPMOVDW_STORE, X, Memory.at(base, displacement));
  }
}
