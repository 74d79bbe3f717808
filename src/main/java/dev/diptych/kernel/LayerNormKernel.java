package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R10;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/** Layer normalisation of rows in place (Ba et al. 2016, arXiv:1607.06450). */
final class LayerNormKernel {

  private static final int VECTOR = 64;
  private static final int LANES = 16;

  private static final Zmm MEAN = new Zmm(0);
  private static final Zmm VARIANCE = new Zmm(1);
  private static final Zmm X = new Zmm(2);
  private static final Zmm OTHER = new Zmm(3);
  private static final Zmm SHARE = new Zmm(4);
  private static final Zmm EPSILON = new Zmm(5);
  private static final Zmm ONE = new Zmm(6);
  private static final Zmm MORE_MEAN = new Zmm(7); // of every other vector, as sums take their time
  private static final Zmm MORE_VARIANCE = new Zmm(8);

  private final MachineCode code;

  /**
   * A kernel.
   *
   * @param width a multiple of 32
   */
  LayerNormKernel(int width, float epsilon, Arena arena) {
    Assembler a = new Assembler();
    a.constant(SHARE, 1f / width);
    a.constant(EPSILON, epsilon);
    a.constant(ONE, 1f);
    int row = a.here();
    for (Zmm sum : new Zmm[] {MEAN, MORE_MEAN, VARIANCE, MORE_VARIANCE}) {
      a.zero(sum);
    }
    a.move(R10, RDI);
    a.move(RAX, width / LANES / 2);
    int adding = a.here();
    a.vector(Instruction.VADDPS, MEAN, MEAN, Memory.at(R10, 0));
    a.vector(Instruction.VADDPS, MORE_MEAN, MORE_MEAN, Memory.at(R10, VECTOR));
    a.add(R10, 2 * VECTOR);
    a.loop(RAX, adding);
    a.vector(Instruction.VADDPS, MEAN, MEAN, MORE_MEAN);
    a.combineLanes(Instruction.VADDPS, MEAN, OTHER);
    a.vector(Instruction.VMULPS, MEAN, MEAN, SHARE);
    a.move(R10, RDI);
    a.move(RAX, width / LANES / 2);
    int squaring = a.here();
    a.load(X, R10, 0);
    a.vector(Instruction.VSUBPS, X, X, MEAN);
    a.vector(Instruction.VFMADD231PS, VARIANCE, X, X);
    a.load(OTHER, R10, VECTOR);
    a.vector(Instruction.VSUBPS, OTHER, OTHER, MEAN);
    a.vector(Instruction.VFMADD231PS, MORE_VARIANCE, OTHER, OTHER);
    a.add(R10, 2 * VECTOR);
    a.loop(RAX, squaring);
    a.vector(Instruction.VADDPS, VARIANCE, VARIANCE, MORE_VARIANCE);
    a.combineLanes(Instruction.VADDPS, VARIANCE, OTHER);
    a.vector(Instruction.VFMADD213PS, VARIANCE, SHARE, EPSILON);
    a.vector(Instruction.VSQRTPS, VARIANCE, VARIANCE);
    a.vector(Instruction.VDIVPS, VARIANCE, ONE, VARIANCE); // one over the deviation
    a.move(R10, RSI);
    a.move(RAX, width / LANES);
    int scaling = a.here();
    a.load(X, RDI, 0);
    a.vector(Instruction.VSUBPS, X, X, MEAN);
    a.vector(Instruction.VMULPS, X, X, VARIANCE);
    a.load(OTHER, R10, 0);
    a.vector(Instruction.VFMADD213PS, X, OTHER, Memory.at(R10, width * Float.BYTES));
    a.store(RDI, 0, X);
    a.add(RDI, VECTOR);
    a.add(R10, VECTOR);
    a.loop(RAX, scaling);
    a.loop(RDX, row);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /**
   * Normalises.
   *
   * @param rows float32, one after the other
   * @param weightAndBias float32, {@code [2, width]}
   * @param count of rows, at least 1
   */
  void apply(long rows, long weightAndBias, long count) {
    code.call(rows, weightAndBias, count, 0, 0, 0, 0);
  }
}
