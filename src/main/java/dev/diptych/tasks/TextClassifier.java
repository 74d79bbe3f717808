package dev.diptych.tasks;

import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;

/**
 * Puts texts, or pairs of them, into the classes of a model. Safe for use from any number of
 * threads.
 */
public final class TextClassifier implements AutoCloseable, ModelFacts.Known {

  private final HeadedEncoder encoder;

  /**
   * @throws IllegalArgumentException if the model has another head
   */
  public TextClassifier(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.SequenceClassifier)) {
      throw new IllegalArgumentException(
          encoder.facts().name() + " is no classifier of texts, so it cannot classify");
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
