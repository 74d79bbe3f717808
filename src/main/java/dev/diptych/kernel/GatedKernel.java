package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/** The gate of a feed-forward layer, {@code silu(gate) * up}. */
final class GatedKernel {

  private static final int VECTOR = 64;

  private static final Zmm X = new Zmm(0);
  private static final Zmm EXPONENTIAL = new Zmm(1);
  private static final Zmm ZERO = new Zmm(2);
  private static final Zmm ONE = new Zmm(3);
  private static final int FREE_REGISTERS = 4;

  private final MachineCode code;

  GatedKernel(Arena arena) {
    Assembler a = new Assembler();
    Exponential exponential = new Exponential(a, FREE_REGISTERS);
    a.zero(ZERO);
    a.constant(ONE, 1f);
    int next = a.here();
    a.load(X, RDI, 0);
    a.vector(Instruction.VSUBPS, EXPONENTIAL, ZERO, X);
    exponential.of(a, EXPONENTIAL);
    a.vector(Instruction.VADDPS, EXPONENTIAL, EXPONENTIAL, ONE);
    a.vector(Instruction.VDIVPS, X, X, EXPONENTIAL);
    a.vector(Instruction.VMULPS, X, X, Memory.at(RSI, 0));
    a.store(RDX, 0, X);
    a.add(RDI, VECTOR);
    a.add(RSI, VECTOR);
    a.add(RDX, VECTOR);
    a.loop(RCX, next);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /**
   * Computes some values.
   *
   * @param vectors how many times 16, at least 1
   */
  void apply(long gate, long up, long output, long vectors) {
    code.call(gate, up, output, vectors, 0, 0, 0);
  }
}
