package dev.diptych.kernel;

import static dev.diptych.kernel.Gpr.R10;
import static dev.diptych.kernel.Gpr.R8;
import static dev.diptych.kernel.Gpr.R9;
import static dev.diptych.kernel.Gpr.RAX;
import static dev.diptych.kernel.Gpr.RCX;
import static dev.diptych.kernel.Gpr.RDI;
import static dev.diptych.kernel.Gpr.RDX;
import static dev.diptych.kernel.Gpr.RSI;

import java.lang.foreign.Arena;

/**
 * Products of int8 rows with blocks of 16 outputs of an int8 weight.
 *
 * <p>A block is a panel: for every four inputs, 16 times the four weights that they have in an
 * output, each plus 128, as the instruction takes unsigned weights; {@code inputs * 16} bytes. What
 * the 128 adds, {@code 128 * sum(row)}, is subtracted from a row's sums. These are exact, so that a
 * row has the same result whatever rows are beside it.
 */
final class LinearKernel {

  /** Outputs of a block. */
  static final int BLOCK = 16;

  /** Most rows that one kernel multiplies. */
  static final int MOST_ROWS = 16;

  /** Bytes of a block's scales and bias. */
  static final int SCALES_BYTES = 2 * BLOCK * Float.BYTES;

  /** Inputs of one turn of the inner loop. */
  static final int INPUTS_STEP = 16;

  /*
   * The sums of all rows are in registers, and every vector of weights is read once for all of them.
   * With few rows several sums for each keep the instruction's latency from being seen. Weights come
   * from memory at its full speed only when they are asked for early: 4 KiB ahead. Where products
   * take about as long as that, too many of these wait for memory for both to go on at once, so that
   * weights are asked for in two steps, from memory to the second-level cache and from there.
   */

  private static final int PREFETCH_BYTES = 4096;
  private static final int MANY_ROWS = 8;
  private static final int PREFETCH_BYTES_OF_MANY_ROWS = 2048;
  private static final int PREFETCH_BYTES_TO_SECOND_LEVEL = 16384;
  private static final int GROUPS = INPUTS_STEP / 4;
  private static final int VECTOR = 64;
  private static final int SUMS_IN_FLIGHT = 8;
  private static final int FIRST_FREE = MOST_ROWS; // of the registers

  /** What becomes of products. */
  enum Output {
    /** They are the output, with the bias. */
    PLAIN,
    /** Multiplied by their row's step they are the output, with the bias. */
    IN_STEPS,
    /** The same, and then {@link Gelu} of it. */
    GELU_IN_STEPS,
    /** Multiplied by their row's step they are added to what is in the output, with the bias. */
    ADDED_IN_STEPS
  }

  private final MachineCode code;

  /**
   * A kernel for one shape.
   *
   * @param inputs a multiple of {@link #INPUTS_STEP}; an input row has as many bytes
   * @param rows 1 to {@link #MOST_ROWS}
   * @param outputStride bytes from one row of outputs to the next
   */
  LinearKernel(int inputs, int rows, int outputStride, Output output, Arena arena) {
    requireFit(inputs, outputStride);
    Assembler a = new Assembler();
    int sumsPerRow = Math.clamp(SUMS_IN_FLIGHT / rows, 1, GROUPS);
    sumsPerRow = Integer.highestOneBit(sumsPerRow);
    Zmm[] sums = new Zmm[sumsPerRow * rows];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new Zmm(i);
    }
    Zmm[] weights = {new Zmm(28), new Zmm(29), new Zmm(30), new Zmm(31)};
    Gelu gelu = output == Output.GELU_IN_STEPS ? new Gelu(a, FIRST_FREE) : null;
    int block = a.here();
    for (Zmm sum : sums) {
      a.zero(sum);
    }
    a.move(RAX, inputs / INPUTS_STEP);
    a.move(R10, RSI);
    int inner = a.here();
    for (int g = 0; g < GROUPS; g++) {
      a.load(weights[g], RDI, g * VECTOR);
      if (rows < MANY_ROWS) {
        a.prefetch(RDI, PREFETCH_BYTES + g * VECTOR);
      } else {
        a.prefetch(RDI, PREFETCH_BYTES_OF_MANY_ROWS + g * VECTOR);
        a.prefetchSecondLevel(RDI, PREFETCH_BYTES_TO_SECOND_LEVEL + g * VECTOR);
      }
      for (int row = 0; row < rows; row++) {
        Zmm sum = sums[g % sumsPerRow * rows + row];
        a.vector(Instruction.VPDPBUSD, sum, weights[g], Memory.each(R10, row * inputs + 4 * g));
      }
    }
    a.add(RDI, GROUPS * VECTOR);
    a.add(R10, INPUTS_STEP);
    a.loop(RAX, inner);
    for (int half = sums.length / 2; half >= rows; half /= 2) {
      for (int i = 0; i < half; i++) {
        a.vector(Instruction.VPADDD, sums[i], sums[i], sums[half + i]);
      }
    }
    Zmm scales = weights[GROUPS - 2];
    Zmm bias = weights[GROUPS - 1];
    a.load(scales, R8, 0);
    a.load(bias, R8, VECTOR);
    for (int row = 0; row < rows; row++) {
      Zmm y = sums[row];
      a.vector(Instruction.VPSUBD, y, y, Memory.each(R9, row * RowScales.BYTES));
      a.vector(Instruction.VCVTDQ2PS, y, y);
      if (output == Output.PLAIN) {
        a.vector(Instruction.VFMADD213PS, y, scales, bias);
      } else {
        a.vector(Instruction.VMULPS, y, y, scales);
        a.vector(Instruction.VMULPS, y, y, Memory.each(R9, row * RowScales.BYTES + RowScales.STEP));
        a.vector(Instruction.VADDPS, y, y, bias);
      }
      if (gelu != null) {
        gelu.of(a, y);
      }
      if (output == Output.ADDED_IN_STEPS) {
        a.vector(Instruction.VADDPS, y, y, Memory.at(RDX, row * outputStride));
      }
      a.store(RDX, row * outputStride, y);
    }
    a.add(R8, SCALES_BYTES);
    a.add(RDX, BLOCK * Float.BYTES);
    a.loop(RCX, block);
    a.ret();
    code = MachineCode.of(a, arena);
  }

  private static void requireFit(int inputs, int outputStride) {
    boolean fit = outputStride > 0 && outputStride <= Integer.MAX_VALUE / ShapeLimits.ROWS;
    if (!fit || !ShapeLimits.areInputs(inputs)) {
      throw new IllegalArgumentException(
          "%d inputs and rows of %d bytes are beyond 32 bits".formatted(inputs, outputStride));
    }
  }

  /**
   * Multiplies.
   *
   * @param panels of the blocks, one after the other
   * @param input rows of signed bytes
   * @param output rows of float32, where the first block's outputs begin
   * @param blocks at least 1
   * @param scales of the blocks: for each 16 scales and 16 values of the bias
   * @param rowScales of the rows
   */
  void multiply(long panels, long input, long output, long blocks, long scales, long rowScales) {
    code.call(panels, input, output, blocks, scales, rowScales, 0);
  }
}
