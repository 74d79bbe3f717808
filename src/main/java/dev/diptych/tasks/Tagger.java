package dev.diptych.tasks;

import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;

/** Tags the words of a text. Safe for use from any number of threads. */
public final class Tagger implements AutoCloseable, ModelFacts.Known {

  private final HeadedEncoder encoder;

  /**
   * One on this model, which it owns.
   *
   * @throws IllegalArgumentException if the model has another head
   */
  public Tagger(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.TokenClassifier)) {
      throw new IllegalArgumentException(
          encoder.facts().name() + " is no classifier of tokens, so it cannot tag");
    }
    this.encoder = encoder;
  }

  @Override
  public ModelFacts facts() {
    return encoder.facts();
  }

  /** Ends the engine, which may be shared with other tasks of the same model. */
  @Override
  public void close() {
    encoder.close();
  }
}
