package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * Spreads every value of a row over the 32 channels of its block, by a Hadamard matrix without its
 * factor, so that no channel is far larger than its neighbours. The weights that read the row have
 * the inverse in them.
 */
final class SpreadKernel {

  /** Channels of a block. */
  static final int BLOCK = 32;

  /*
   * The fast Walsh-Hadamard transform: sums and differences of values that are 16, 8, 4, 2 and 1 apart.
   * Within a vector each lane is added to its partner, with its own sign.
   */

  private static final int VECTOR = 64;
  private static final int LANES = 16;

  private static final Zmm[] VALUES = {new Zmm(0), new Zmm(1)};
  private static final Zmm OTHER = new Zmm(2);
  private static final int SIGNS_FROM = 4; // for partners that are 1, 2, 4 and 8 apart

  private final MachineCode code;

  SpreadKernel(Arena arena) {
    Assembler a = new Assembler();
    for (int i = 0; i < 4; i++) {
      signs(a, new Zmm(SIGNS_FROM + i), 1 << i);
    }
    int block = a.here();
    a.load(VALUES[0], RDI, 0);
    a.load(OTHER, RDI, VECTOR);
    a.vector(Instruction.VSUBPS, VALUES[1], VALUES[0], OTHER);
    a.vector(Instruction.VADDPS, VALUES[0], VALUES[0], OTHER);
    for (int i = 0; i < 2; i++) {
      Zmm x = VALUES[i];
      a.vector(Instruction.VSHUFF32X4, OTHER, x, x, 0x4E);
      a.vector(Instruction.VFMADD213PS, x, new Zmm(SIGNS_FROM + 3), OTHER);
      a.vector(Instruction.VSHUFF32X4, OTHER, x, x, 0xB1);
      a.vector(Instruction.VFMADD213PS, x, new Zmm(SIGNS_FROM + 2), OTHER);
      a.vector(Instruction.VPERMILPS, OTHER, x, 0x4E);
      a.vector(Instruction.VFMADD213PS, x, new Zmm(SIGNS_FROM + 1), OTHER);
      a.vector(Instruction.VPERMILPS, OTHER, x, 0xB1);
      a.vector(Instruction.VFMADD213PS, x, new Zmm(SIGNS_FROM), OTHER);
      a.store(RSI, i * VECTOR, x);
    }
    a.add(RDI, 2 * VECTOR);
    a.add(RSI, 2 * VECTOR);
    a.loop(RDX, block);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /* 1 where the lane's number has a zero at that bit, -1 elsewhere; by way of the stack. */
  private static void signs(Assembler a, Zmm target, int bit) {
    for (int lane = 0; lane < LANES; lane++) {
      a.move(RAX, Float.floatToRawIntBits((lane & bit) == 0 ? 1f : -1f));
      a.store32(Gpr.RSP, lane * Float.BYTES - VECTOR, RAX);
    }
    a.load(target, Gpr.RSP, -VECTOR);
  }

  /**
   * Spreads.
   *
   * @param output may be the input
   * @param blocks at least 1
   */
  void apply(long input, long output, long blocks) {
    code.call(input, output, blocks, 0, 0, 0, 0);
  }
}
