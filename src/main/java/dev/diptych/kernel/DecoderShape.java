package dev.diptych.kernel;

import java.util.List;

/**
 * The sizes of a Llama.
 *
 * @param epsilon of the norms
 * @param frequencies of the rotary embedding, radians per position, {@code [headDimension / 2]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record DecoderShape(
    int layers,
    int heads,
    int keyValueHeads,
    int headDimension,
    int hidden,
    int intermediate,
    int vocabulary,
    int contextLength,
    double epsilon,
    float[] frequencies) {

  /** Whether the kernels can compute it. */
  public boolean isSupported() {
    long queries = (long) heads * headDimension;
    long keys = (long) keyValueHeads * headDimension;
    return ShapeLimits.areInputs(hidden, intermediate, queries)
        && ShapeLimits.areRows(hidden, queries + 2 * keys, queries, 3L * intermediate)
        && headDimension <= ShapeLimits.HEAD_DIMENSION
        && hidden % LinearKernel.INPUTS_STEP == 0
        && intermediate % Spread.BLOCK == 0
        && headDimension % LinearKernel.BLOCK == 0
        && heads % keyValueHeads == 0;
  }

  int sharedHeads() {
    return heads / keyValueHeads;
  }

  int attentionWidth() {
    return Math.multiplyExact(heads, headDimension);
  }

  int qkvWidth() {
    return Math.multiplyExact(
        Math.addExact(heads, Math.multiplyExact(2, keyValueHeads)), headDimension);
  }

  Linear qkv() {
    return new Linear(hidden, qkvWidth());
  }

  Linear out() {
    return new Linear(attentionWidth(), hidden);
  }

  Linear gateUp() {
    return new Linear(hidden, Math.multiplyExact(2, intermediate));
  }

  Linear down() {
    return new Linear(intermediate, hidden);
  }

  /** As they follow in each layer. */
  List<Linear> layer() {
    return List.of(qkv(), out(), gateUp(), down());
  }

  Linear head() {
    return new Linear(hidden, vocabulary);
  }
}
