package dev.diptych.kernel;

import java.lang.foreign.Arena;

/** The kernels for the shape of a decoder. */
final class DecodeKernels {

  /** Most outputs of the head that are computed together. */
  static final int HEAD_OUTPUTS = 24 * LinearKernel.BLOCK;

  private static final int LEVELS = 127; // of an activation on either side of zero

  final LinearKernels qkv;
  final LinearKernels out;
  final LinearKernels gateUp;
  final LinearKernels down;
  final LinearKernels head;
  final QuantiseKernel quantiseUnit;
  final QuantiseKernel quantiseAttended;
  final QuantiseKernel quantiseGated;
  final GatedKernel gated;
  final RotateKernel rotate;
  final RotateKernel rotateLast; // and write a zero behind the value
  final SharedHeads attention;

  DecodeKernels(DecoderShape shape, float spacing, PairProducts products, Arena arena) {
    int hiddenBytes = ShapeLimits.rowBytes(shape.hidden());
    qkv =
        new LinearKernels(
            shape.hidden(),
            ShapeLimits.rowBytes(shape.qkvWidth()),
            LinearKernel.Output.PLAIN,
            arena);
    out =
        new LinearKernels(
            shape.attentionWidth(), hiddenBytes, LinearKernel.Output.ADDED_IN_STEPS, arena);
    gateUp =
        new LinearKernels(
            shape.hidden(),
            ShapeLimits.rowBytes(2L * shape.intermediate()),
            LinearKernel.Output.PLAIN,
            arena);
    down =
        new LinearKernels(
            shape.intermediate(), hiddenBytes, LinearKernel.Output.ADDED_IN_STEPS, arena);
    head =
        new LinearKernels(
            shape.hidden(), HEAD_OUTPUTS * Float.BYTES, LinearKernel.Output.PLAIN, arena);
    float epsilon = (float) (shape.hidden() * shape.epsilon());
    quantiseUnit = QuantiseKernel.ofUnitRows(shape.hidden(), epsilon, spacing, arena);
    quantiseAttended = QuantiseKernel.ofAnyRows(shape.attentionWidth(), LEVELS, arena);
    quantiseGated = QuantiseKernel.ofSpreadRows(shape.intermediate(), LEVELS, arena);
    gated = new GatedKernel(arena);
    rotate = new RotateKernel(shape.sharedHeads(), shape.headDimension(), false, arena);
    rotateLast = new RotateKernel(shape.sharedHeads(), shape.headDimension(), true, arena);
    attention = new SharedHeads(shape, products, arena);
  }
}
