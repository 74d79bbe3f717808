package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** The kernels of a linear layer, for each number of rows. */
final class LinearKernels {

  private final List<LinearKernel> kernels = new ArrayList<>();
  private final int inputs;
  private final int outputStride;

  /** Kernels for a shape; {@link LinearKernel} has what the arguments are. */
  LinearKernels(int inputs, int outputStride, LinearKernel.Output output, Arena arena) {
    this.inputs = inputs;
    this.outputStride = outputStride;
    for (int rows = 1; rows <= LinearKernel.MOST_ROWS; rows++) {
      kernels.add(new LinearKernel(inputs, rows, outputStride, output, arena));
    }
  }

  /**
   * Multiplies any number of rows with some blocks, about evenly by as many kernels as needed.
   *
   * @param row the first of them
   */
  void multiply(
      int row,
      int rows,
      long panels,
      long input,
      long output,
      long blocks,
      long scales,
      long rowScales) {
    int parts = Math.ceilDiv(rows, LinearKernel.MOST_ROWS);
    for (int part = 0; part < parts; part++) {
      int first = row + rows * part / parts;
      int end = row + rows * (part + 1) / parts;
      kernels
          .get(end - first - 1)
          .multiply(
              panels,
              input + (long) first * inputs,
              output + (long) first * outputStride,
              blocks,
              scales,
              rowScales + (long) first * RowScales.BYTES);
    }
  }
}
