package dev.diptych.model.blueprint;

/** How a row of hidden states is normalised. */
public sealed interface Norm {

  /** Not at all. */
  record None() implements Norm {}

  /** Layer normalisation (arXiv:1607.06450). */
  record LayerNorm(double epsilon, boolean bias) implements Norm {}

  /**
   * Root mean square normalisation (arXiv:1910.07467).
   *
   * @param weightPlusOne whether one is added to the stored weight
   */
  record RootMeanSquare(double epsilon, boolean weightPlusOne) implements Norm {

    public RootMeanSquare(double epsilon) {
      this(epsilon, false);
    }
  }
}
