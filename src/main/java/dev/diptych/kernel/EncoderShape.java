package dev.diptych.kernel;

import java.util.List;

/**
 * The sizes of a BERT.
 *
 * @param firstPosition position of the first token
 * @param segments rows of their embeddings; at least 1, which may be zeros
 * @param epsilon of the norms
 * @param masked whether there is a masked-language-model head
 */
public record EncoderShape(
    int layers,
    int heads,
    int hidden,
    int intermediate,
    int vocabulary,
    int positions,
    int firstPosition,
    int segments,
    double epsilon,
    boolean masked) {

  /** Whether the kernels can compute it. */
  public boolean isSupported() {
    return ShapeLimits.areInputs(hidden, intermediate)
        && ShapeLimits.areRows(3L * hidden, intermediate)
        && heads > 0
        && hidden % Spread.BLOCK == 0
        && intermediate % Spread.BLOCK == 0
        && hidden % heads == 0
        && headDimension() % LinearKernel.BLOCK == 0
        && headDimension() <= ShapeLimits.HEAD_DIMENSION;
  }

  int headDimension() {
    return hidden / heads;
  }

  int maxInputTokens() {
    return positions - firstPosition;
  }

  Linear qkv() {
    return new Linear(hidden, Math.multiplyExact(3, hidden));
  }

  Linear out() {
    return new Linear(hidden, hidden);
  }

  Linear up() {
    return new Linear(hidden, intermediate);
  }

  Linear down() {
    return new Linear(intermediate, hidden);
  }

  Linear head() {
    return new Linear(hidden, vocabulary);
  }

  /** As they follow in each layer. */
  List<Linear> layer() {
    return List.of(qkv(), out(), up(), down());
  }
}
