package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** The kernels for the shape of a decoder. */
final class DecodeKernels {

  /** Most outputs of the head that are computed together. */
  static final int HEAD_OUTPUTS = 24 * LinearKernel.BLOCK;

  private static final int LEVELS = 127; // of an activation on either side of zero

  final RowsKernels qkv;
  final RowsKernels out;
  final RowsKernels gateUp;
  final RowsKernels down;
  final RowsKernels head;
  final QuantiseKernel quantiseUnit;
  final QuantiseKernel quantiseAttended;
  final QuantiseKernel quantiseGated;
  final GatedKernel gated;
  final RotateKernel rotate;
  final RotateKernel rotateLast; // and write a zero behind the value
  final SharedHeads attention;

  DecodeKernels(DecoderShape shape, float spacing, PairProducts products, Arena arena) {
    int hiddenBytes = shape.hidden() * Float.BYTES;
    qkv = new RowsKernels(shape.hidden(), shape.qkvWidth() * Float.BYTES, false, arena);
    out = new RowsKernels(shape.attentionWidth(), hiddenBytes, true, arena);
    gateUp = new RowsKernels(shape.hidden(), 2 * shape.intermediate() * Float.BYTES, false, arena);
    down = new RowsKernels(shape.intermediate(), hiddenBytes, true, arena);
    head = new RowsKernels(shape.hidden(), HEAD_OUTPUTS * Float.BYTES, false, arena);
    float epsilon = (float) (shape.hidden() * shape.epsilon());
    quantiseUnit = QuantiseKernel.ofUnitRows(shape.hidden(), epsilon, spacing, arena);
    quantiseAttended = QuantiseKernel.ofAnyRows(shape.attentionWidth(), LEVELS, arena);
    quantiseGated = QuantiseKernel.ofAnyRows(shape.intermediate(), LEVELS, arena);
    gated = new GatedKernel(arena);
    rotate = new RotateKernel(shape.sharedHeads(), shape.headDimension(), false, arena);
    rotateLast = new RotateKernel(shape.sharedHeads(), shape.headDimension(), true, arena);
    attention = new SharedHeads(shape, products, arena);
  }

  /** A linear layer's kernels, for each number of rows. */
  static final class RowsKernels {

    private final List<LinearKernel> kernels = new ArrayList<>();
    private final int inputs;
    private final int outputStride;

    RowsKernels(int inputs, int outputStride, boolean adding, Arena arena) {
      this.inputs = inputs;
      this.outputStride = outputStride;
      for (int rows = 1; rows <= LinearKernel.MOST_ROWS; rows++) {
        kernels.add(new LinearKernel(inputs, rows, outputStride, adding, arena));
      }
    }

    /**
     * Multiplies any number of rows with some blocks, about evenly by as many kernels as needed.
     */
    void multiply(
        int rows, long panels, long input, long output, long blocks, long scales, long rowScales) {
      int parts = Math.ceilDiv(rows, LinearKernel.MOST_ROWS);
      int first = 0;
      for (int part = 1; part <= parts; part++) {
        int end = rows * part / parts;
        kernels
            .get(end - first - 1)
            .multiply(
                panels,
                input + (long) first * inputs,
                output + (long) first * outputStride,
                blocks,
                scales,
                rowScales + (long) first * RowScales.BYTES);
        first = end;
      }
    }
  }
}
