package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R10;
import static dev.diptych.kernel.Gpr.R11;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * Rounds rows of float32 to int8: {@code x * (1 / step) + 128} to the nearest whole number, the
 * even one of two, from 0 to 255, minus 128.
 */
final class QuantiseKernel {

  /*
   * Two passes over a row: one for its step, one that rounds and sums up.
   */

  private static final int VECTOR = 64;
  private static final int LANES = 16;
  private static final int SUM_SHIFT = 7; // times 128

  private static final Zmm STEP = new Zmm(0);
  private static final Zmm SUM = new Zmm(1);
  private static final Zmm X = new Zmm(2);
  private static final Zmm OTHER = new Zmm(3);
  private static final Zmm ZERO = new Zmm(4);
  private static final Zmm OFFSET = new Zmm(5);
  private static final Zmm LARGEST = new Zmm(6);
  private static final Zmm OFFSET_INTEGER = new Zmm(7);
  private static final Zmm FIRST = new Zmm(8);
  private static final Zmm SECOND = new Zmm(9);
  private static final Zmm ONE = new Zmm(10);
  private static final Zmm INVERSE = new Zmm(11);

  private final MachineCode code;

  private QuantiseKernel(MachineCode code) {
    this.code = code;
  }

  /**
   * A kernel whose step is a fraction of the row's length, as RMSNorm without its weight: {@code
   * spacing * sqrt(sum of squares + epsilon)}. The step is not returned.
   *
   * @param width a multiple of 16
   */
  static QuantiseKernel ofUnitRows(int width, float epsilon, float spacing, Arena arena) {
    return new QuantiseKernel(
        MachineCode.of(
            assemble(
                width,
                a -> {
                  a.constant(FIRST, epsilon);
                  a.constant(SECOND, spacing);
                },
                a -> a.vector(Instruction.VFMADD231PS, STEP, X, X),
                a -> {
                  a.combineLanes(Instruction.VADDPS, STEP, OTHER);
                  a.vector(Instruction.VADDPS, STEP, STEP, FIRST);
                  a.vector(Instruction.VSQRTPS, STEP, STEP);
                  a.vector(Instruction.VMULPS, STEP, STEP, SECOND);
                }),
            arena));
  }

  /**
   * A kernel whose step makes the largest absolute value of a row the last level, and which returns
   * it.
   *
   * @param width a multiple of 16
   */
  static QuantiseKernel ofAnyRows(int width, int levels, Arena arena) {
    return new QuantiseKernel(
        MachineCode.of(
            assemble(
                width,
                a -> {
                  a.constant(FIRST, Integer.MAX_VALUE);
                  a.constant(SECOND, 1f / levels);
                },
                a -> {
                  a.vector(Instruction.VPANDD, X, X, FIRST);
                  a.vector(Instruction.VMAXPS, STEP, STEP, X);
                },
                a -> {
                  a.combineLanes(Instruction.VMAXPS, STEP, OTHER);
                  a.vector(Instruction.VMULPS, STEP, STEP, SECOND);
                  a.vector(Instruction.VMOVSS_STORE, STEP, Memory.at(RDX, RowScales.STEP));
                }),
            arena));
  }

  /** A part of a kernel. */
  private interface Part {
    void write(Assembler assembler);
  }

  private static Assembler assemble(int width, Part constants, Part eachVector, Part step) {
    Assembler a = new Assembler();
    constants.write(a);
    a.zero(ZERO);
    a.constant(ONE, 1f);
    a.constant(OFFSET, 128f);
    a.constant(LARGEST, 255f);
    a.constant(OFFSET_INTEGER, 128);
    int row = a.here();
    a.zero(STEP);
    a.zero(SUM);
    a.move(R10, RDI);
    a.move(RAX, width / LANES);
    int measuring = a.here();
    a.load(X, R10, 0);
    eachVector.write(a);
    a.add(R10, VECTOR);
    a.loop(RAX, measuring);
    step.write(a);
    a.vector(Instruction.VDIVPS, INVERSE, ONE, STEP);
    a.move(R11, width / LANES);
    int rounding = a.here();
    a.load(X, RDI, 0);
    a.vector(Instruction.VFMADD213PS, X, INVERSE, OFFSET);
    a.vector(Instruction.VMAXPS, X, X, ZERO); // 0 if it is no number
    a.vector(Instruction.VMINPS, X, X, LARGEST);
    a.vector(Instruction.VCVTPS2DQ, X, X);
    a.vector(Instruction.VPSUBD, X, X, OFFSET_INTEGER);
    a.vector(Instruction.VPADDD, SUM, SUM, X);
    a.vector(Instruction.VPMOVSDB_STORE, X, Memory.at(RSI, 0));
    a.add(RDI, VECTOR);
    a.add(RSI, LANES);
    a.loop(R11, rounding);
    a.combineLanes(Instruction.VPADDD, SUM, OTHER);
    a.shiftLeft(SUM, SUM, SUM_SHIFT);
    a.vector(Instruction.VMOVSS_STORE, SUM, Memory.at(RDX, 0));
    a.add(RDX, RowScales.BYTES);
    a.loop(RCX, row);
    a.ret();
    return a;
  }

  /**
   * Rounds rows.
   *
   * @param input rows of float32
   * @param output the same rows of signed bytes
   * @param rowScales what {@link RowScales} describes
   * @param rows at least 1
   */
  void quantise(long input, long output, long rowScales, long rows) {
    code.call(input, output, rowScales, rows, 0, 0, 0);
  }
}
