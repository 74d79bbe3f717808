package dev.diptych.model;

/**
 * What a sentence-transformers model does with the pooled vector of a text. The steps follow one
 * another in the order of its {@code modules.json}.
 */
public sealed interface VectorStep {

  /**
   * A linear layer: {@code activation(weight * vector + bias)}.
   *
   * @param folder of its files in the checkpoint; empty for the checkpoint's own
   * @param inputs width of the vectors that it takes
   * @param outputs width of those that it gives
   * @param biased whether it has a bias
   * @param residual whether the vector is added to the outcome, by a second weight where the widths
   *     differ
   */
  record Dense(
      String folder,
      int inputs,
      int outputs,
      boolean biased,
      DenseActivation activation,
      boolean residual)
      implements VectorStep {}

  /** Makes the vector's length 1. */
  record Normalize() implements VectorStep {}
}
