package dev.diptych.kernel;

/**
 * Memory at a register and a number of bytes.
 *
 * @param broadcast whether 32 bits from there stand for every lane of a vector
 */
record Memory(Gpr base, int displacement, boolean broadcast) implements Operand {

  static Memory at(Gpr base, int displacement) {
    return new Memory(base, displacement, false);
  }

  /** The 32 bits there, in every lane. */
  static Memory each(Gpr base, int displacement) {
    return new Memory(base, displacement, true);
  }
}
