package dev.diptych.kernel;

/**
 * Spreads every value over the 32 channels of its block, by a Hadamard matrix without its factor,
 * so that no channel is far larger than its neighbours. The weights that read the values have the
 * inverse in them (spread.py).
 */
final class Spread {

  /** Channels of a block. */
  static final int BLOCK = 32;

  /*
   * The fast Walsh-Hadamard transform: sums and differences of values that are 16, 8, 4, 2 and 1 apart.
   * Within a vector each lane is added to its partner, with its own sign.
   */

  private static final int VECTOR = 64;
  private static final int LANES = 16;

  private final Zmm[] signs = new Zmm[4]; // for partners that are 1, 2, 4 and 8 apart
  private final Zmm other;

  /** Takes five registers. */
  Spread(int firstRegister) {
    for (int i = 0; i < signs.length; i++) {
      signs[i] = new Zmm(firstRegister + i);
    }
    other = new Zmm(firstRegister + signs.length);
  }

  /** Loads constants; overwrites rax and the red zone. */
  void prepare(Assembler a) {
    for (int i = 0; i < signs.length; i++) {
      load(a, signs[i], 1 << i);
    }
  }

  /* 1 where the lane's number has a zero at that bit, -1 elsewhere; by way of the stack. */
  private static void load(Assembler a, Zmm target, int bit) {
    for (int lane = 0; lane < LANES; lane++) {
      a.move(Gpr.RAX, Float.floatToRawIntBits((lane & bit) == 0 ? 1f : -1f));
      a.store32(Gpr.RSP, lane * Float.BYTES - VECTOR, Gpr.RAX);
    }
    a.load(target, Gpr.RSP, -VECTOR);
  }

  /** Spreads a block. */
  void block(Assembler a, Zmm low, Zmm high) {
    a.vector(Instruction.VMOVUPS, other, high);
    a.vector(Instruction.VSUBPS, high, low, other);
    a.vector(Instruction.VADDPS, low, low, other);
    for (Zmm x : new Zmm[] {low, high}) {
      a.vector(Instruction.VSHUFF32X4, other, x, x, 0x4E);
      a.vector(Instruction.VFMADD213PS, x, signs[3], other);
      a.vector(Instruction.VSHUFF32X4, other, x, x, 0xB1);
      a.vector(Instruction.VFMADD213PS, x, signs[2], other);
      a.vector(Instruction.VPERMILPS, other, x, 0x4E);
      a.vector(Instruction.VFMADD213PS, x, signs[1], other);
      a.vector(Instruction.VPERMILPS, other, x, 0xB1);
      a.vector(Instruction.VFMADD213PS, x, signs[0], other);
    }
  }
}
