package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;
import static dev.diptych.kernel.Gpr.RSP;

import java.lang.foreign.Arena;

/**
 * The gate of a feed-forward layer, {@code silu(gate) * up}, whose values are then spread within
 * blocks of 32 by a matrix (spread.py).
 */
final class GatedKernel {

  /** Values of a block. */
  static final int BLOCK = 32;

  /** Bytes of a block. */
  static final int BLOCK_BYTES = BLOCK * Float.BYTES;

  /*
   * A block's values are stored in the 128 bytes below the stack pointer, which are a function's own,
   * and come from there one by one, each for a row of the matrix.
   */

  private static final int VECTOR = 64;

  private static final Zmm[] VALUES = {new Zmm(0), new Zmm(1)};
  private static final Zmm[] SUMS = {new Zmm(2), new Zmm(3), new Zmm(4), new Zmm(5)};
  private static final Zmm[] ROW = {new Zmm(6), new Zmm(7)};
  private static final Zmm ZERO = new Zmm(8);
  private static final Zmm EXPONENTIAL = new Zmm(9);
  private static final int FREE_REGISTERS = 10;

  private final MachineCode code;

  GatedKernel(Arena arena) {
    Assembler a = new Assembler();
    Exponential exponential = new Exponential(a, FREE_REGISTERS);
    a.zero(ZERO);
    int block = a.here();
    for (int half = 0; half < 2; half++) {
      Zmm x = VALUES[half];
      a.load(x, RDI, half * VECTOR);
      a.vector(Instruction.VSUBPS, EXPONENTIAL, ZERO, x);
      exponential.of(a, EXPONENTIAL);
      a.vector(Instruction.VADDPS, EXPONENTIAL, EXPONENTIAL, exponential.one());
      a.vector(Instruction.VDIVPS, x, x, EXPONENTIAL);
      a.vector(Instruction.VMULPS, x, x, Memory.at(RSI, half * VECTOR));
      a.store(RSP, half * VECTOR - BLOCK_BYTES, x);
    }
    for (Zmm sum : SUMS) {
      a.zero(sum);
    }
    for (int i = 0; i < BLOCK; i++) {
      for (int half = 0; half < 2; half++) {
        a.load(ROW[half], RCX, i * BLOCK_BYTES + half * VECTOR);
        a.vector(
            Instruction.VFMADD231PS,
            SUMS[i % 2 * 2 + half],
            ROW[half],
            Memory.each(RSP, i * Float.BYTES - BLOCK_BYTES));
      }
    }
    for (int half = 0; half < 2; half++) {
      a.vector(Instruction.VADDPS, SUMS[half], SUMS[half], SUMS[2 + half]);
      a.store(RDX, half * VECTOR, SUMS[half]);
    }
    a.add(RDI, BLOCK_BYTES);
    a.add(RSI, BLOCK_BYTES);
    a.add(RDX, BLOCK_BYTES);
    a.loop(R8, block);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /**
   * Computes some blocks.
   *
   * @param matrix float32, {@code [32, 32]}
   * @param blocks at least 1
   */
  void apply(long gate, long up, long output, long matrix, long blocks) {
    code.call(gate, up, output, matrix, blocks, 0, 0);
  }
}
