package dev.diptych.kernel;

/**
 * The general registers of 64 bits that a function may overwrite by the System V calling
 * convention, in the numbering of instructions.
 */
enum Gpr {
  RAX(0),
  RCX(1),
  RDX(2),
  RSP(4),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11);

  private final int number;

  Gpr(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
