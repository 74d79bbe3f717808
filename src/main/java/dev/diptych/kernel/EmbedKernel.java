package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/** Adds up the embeddings of a token, its position and its segment, float16, as float32. */
final class EmbedKernel {

  private static final int VECTOR = 64;

  private final MachineCode code;

  EmbedKernel(Arena arena) {
    Assembler a = new Assembler();
    Zmm sum = new Zmm(0);
    Zmm other = new Zmm(1);
    int next = a.here();
    a.vector(Instruction.VCVTPH2PS, sum, Memory.at(RDI, 0));
    for (Gpr source : new Gpr[] {RSI, RDX}) {
      a.vector(Instruction.VCVTPH2PS, other, Memory.at(source, 0));
      a.vector(Instruction.VADDPS, sum, sum, other);
    }
    a.store(RCX, 0, sum);
    for (Gpr source : new Gpr[] {RDI, RSI, RDX}) {
      a.add(source, VECTOR / 2);
    }
    a.add(RCX, VECTOR);
    a.loop(R8, next);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /**
   * Adds up.
   *
   * @param vectors of 16 channels, at least 1
   */
  void apply(long token, long position, long segment, long output, long vectors) {
    code.call(token, position, segment, output, vectors, 0, 0);
  }
}
