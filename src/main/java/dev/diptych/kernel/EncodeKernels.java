package dev.diptych.kernel;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** The kernels for the shape of an encoder. */
final class EncodeKernels {

  /** Most words of the vocabulary that are computed together. */
  static final int HEAD_OUTPUTS = 24 * LinearKernel.BLOCK;

  private static final int LEVELS = 127; // of an activation on either side of zero

  final LinearKernels qkv;
  final LinearKernels out; // added to what it went out from
  final LinearKernels up;
  final LinearKernels down;
  final LinearKernels transform;
  final LinearKernels head;
  final QuantiseKernel quantiseHidden;
  final QuantiseKernel quantiseIntermediate;
  final EmbedKernel embed;
  final LayerNormKernel norm;
  final CacheKernel cache;
  final RotateKernel cacheLast; // of an odd number, with angles of zero
  final List<AttentionKernel> attention = new ArrayList<>(); // by the number of tokens less one

  EncodeKernels(EncoderShape shape, PairProducts products, Arena arena) {
    int hiddenBytes = ShapeLimits.rowBytes(shape.hidden());
    int qkvBytes = ShapeLimits.rowBytes(3L * shape.hidden());
    LinearKernel.Output inSteps = LinearKernel.Output.IN_STEPS;
    LinearKernel.Output added = LinearKernel.Output.ADDED_IN_STEPS;
    qkv = new LinearKernels(shape.hidden(), qkvBytes, inSteps, arena);
    out = new LinearKernels(shape.hidden(), hiddenBytes, added, arena);
    up =
        new LinearKernels(
            shape.hidden(),
            ShapeLimits.rowBytes(shape.intermediate()),
            LinearKernel.Output.GELU_IN_STEPS,
            arena);
    down = new LinearKernels(shape.intermediate(), hiddenBytes, added, arena);
    transform =
        new LinearKernels(shape.hidden(), hiddenBytes, LinearKernel.Output.GELU_IN_STEPS, arena);
    head = new LinearKernels(shape.hidden(), HEAD_OUTPUTS * Float.BYTES, inSteps, arena);
    quantiseHidden = QuantiseKernel.ofSpreadRows(shape.hidden(), LEVELS, arena);
    quantiseIntermediate = QuantiseKernel.ofSpreadRows(shape.intermediate(), LEVELS, arena);
    embed = new EmbedKernel(arena);
    norm = new LayerNormKernel(shape.hidden(), (float) shape.epsilon(), arena);
    cache = new CacheKernel(shape.headDimension(), qkvBytes, arena);
    cacheLast = new RotateKernel(1, shape.headDimension(), true, arena);
    for (int tokens = 1; tokens <= AttentionKernel.mostHeads(products); tokens++) {
      attention.add(
          new AttentionKernel(
              tokens, 1, shape.headDimension(), qkvBytes, hiddenBytes, false, products, arena));
    }
  }
}
