package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R10;
import static dev.diptych.kernel.Gpr.R11;
import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.R9;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * Rounds rows of float32 to int8: {@code x / step} to the nearest whole number, the even one of
 * two.
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
  private static final Zmm ONE = new Zmm(4);
  private static final Zmm INVERSE = new Zmm(5);
  private static final Zmm FIRST = new Zmm(6);
  private static final Zmm SECOND = new Zmm(7);
  private static final Zmm LEAST = new Zmm(8);
  private static final Zmm LARGEST = new Zmm(9);
  private static final int FREE_REGISTERS = 10;

  private final MachineCode code;

  /** A part of a kernel. */
  private interface Part {
    void write(Assembler assembler);
  }

  /**
   * What differs.
   *
   * @param constants loads them
   * @param turn bytes that are measured in one go
   * @param copied whether measuring copies them from r10 to r11
   * @param measure them at r10
   * @param step makes the row's step of what was measured
   * @param round makes X whole numbers
   */
  private record Kind(
      Part constants, int turn, boolean copied, Part measure, Part step, Part round) {}

  private QuantiseKernel(int width, Kind kind, Arena arena) {
    Assembler a = new Assembler();
    kind.constants.write(a);
    a.constant(ONE, 1f);
    int row = a.here();
    a.zero(STEP);
    a.zero(SUM);
    a.move(R9, kind.copied ? R8 : RDI);
    a.move(R10, RDI);
    a.move(R11, R8);
    a.move(RAX, width * Float.BYTES / kind.turn);
    int measuring = a.here();
    kind.measure.write(a);
    a.add(R10, kind.turn);
    a.add(R11, kind.turn);
    a.loop(RAX, measuring);
    kind.step.write(a);
    a.vector(Instruction.VDIVPS, INVERSE, ONE, STEP);
    a.move(RAX, width / LANES);
    int rounding = a.here();
    a.vector(Instruction.VMULPS, X, INVERSE, Memory.at(R9, 0));
    kind.round.write(a);
    a.vector(Instruction.VPADDD, SUM, SUM, X);
    a.vector(Instruction.VPMOVSDB_STORE, X, Memory.at(RSI, 0));
    a.add(R9, VECTOR);
    a.add(RSI, LANES);
    a.loop(RAX, rounding);
    a.combineLanes(Instruction.VPADDD, SUM, OTHER);
    a.shiftLeft(SUM, SUM, SUM_SHIFT);
    a.vector(Instruction.VMOVSS_STORE, SUM, Memory.at(RDX, 0));
    a.add(RDI, width * Float.BYTES);
    a.add(RDX, RowScales.BYTES);
    a.loop(RCX, row);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  /**
   * A kernel whose step is a fraction of the row's length, as RMSNorm without its weight: {@code
   * spacing * sqrt(sum of squares + epsilon)}. Values beyond int8 become its bounds. The step is
   * not returned.
   *
   * @param width a multiple of 16
   */
  static QuantiseKernel ofUnitRows(int width, float epsilon, float spacing, Arena arena) {
    return new QuantiseKernel(
        width,
        new Kind(
            a -> {
              a.constant(FIRST, epsilon);
              a.constant(SECOND, spacing);
              a.constant(LEAST, (float) Byte.MIN_VALUE);
              a.constant(LARGEST, (float) Byte.MAX_VALUE);
            },
            VECTOR,
            false,
            a -> {
              a.load(X, R10, 0);
              a.vector(Instruction.VFMADD231PS, STEP, X, X);
            },
            a -> {
              a.combineLanes(Instruction.VADDPS, STEP, OTHER);
              a.vector(Instruction.VADDPS, STEP, STEP, FIRST);
              a.vector(Instruction.VSQRTPS, STEP, STEP);
              a.vector(Instruction.VMULPS, STEP, STEP, SECOND);
            },
            a -> {
              a.vector(Instruction.VMAXPS, X, X, LEAST); // which it is too if it is no number
              a.vector(Instruction.VMINPS, X, X, LARGEST);
              a.vector(Instruction.VCVTPS2DQ, X, X);
            }),
        arena);
  }

  /**
   * A kernel whose step makes the largest absolute value of a row the last level, and which returns
   * it.
   *
   * @param width a multiple of 16
   * @param levels at most 127
   */
  static QuantiseKernel ofAnyRows(int width, int levels, Arena arena) {
    return ofLargest(
        width,
        levels,
        VECTOR,
        false,
        a -> {},
        a -> {
          a.load(X, R10, 0);
          largest(a, X);
        },
        arena);
  }

  /**
   * The same of rows that are {@linkplain Spread spread} before.
   *
   * @param width a multiple of 32
   */
  static QuantiseKernel ofSpreadRows(int width, int levels, Arena arena) {
    Spread spread = new Spread(FREE_REGISTERS);
    return ofLargest(
        width,
        levels,
        2 * VECTOR,
        true,
        spread::prepare,
        a -> {
          a.load(X, R10, 0);
          a.load(OTHER, R10, VECTOR);
          spread.block(a, X, OTHER);
          a.store(R11, 0, X);
          a.store(R11, VECTOR, OTHER);
          largest(a, X);
          largest(a, OTHER);
        },
        arena);
  }

  /*
   * The largest of absolute values as of whole numbers, so that one that is no number is the largest,
   * and the row's step none either. Where the step is so small that there is no inverse, values become
   * the least, and their products with the step next to nothing.
   */
  private static QuantiseKernel ofLargest(
      int width, int levels, int turn, boolean copied, Part constants, Part measure, Arena arena) {
    return new QuantiseKernel(
        width,
        new Kind(
            a -> {
              constants.write(a);
              a.constant(FIRST, Integer.MAX_VALUE);
              a.constant(SECOND, 1f / levels);
            },
            turn,
            copied,
            measure,
            a -> {
              a.combineLanes(Instruction.VPMAXSD, STEP, OTHER);
              a.vector(Instruction.VMULPS, STEP, STEP, SECOND);
              a.vector(Instruction.VMOVSS_STORE, STEP, Memory.at(RDX, RowScales.STEP));
            },
            a -> a.vector(Instruction.VCVTPS2DQ, X, X)),
        arena);
  }

  /* Overwrites x. */
  private static void largest(Assembler a, Zmm x) {
    a.vector(Instruction.VPANDD, x, x, FIRST);
    a.vector(Instruction.VPMAXSD, STEP, STEP, x);
  }

  /**
   * Rounds rows.
   *
   * @param input rows of float32
   * @param output the same rows of signed bytes
   * @param rowScales what {@link RowScales} describes
   * @param rows at least 1
   * @param room for a row of float32, where one that is spread lies in between; else 0
   */
  void quantise(long input, long output, long rowScales, long rows, long room) {
    code.call(input, output, rowScales, rows, room, 0, 0);
  }
}
