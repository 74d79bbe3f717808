package dev.diptych.tasks;

import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;

/** Finds the answer to a question in a text. Safe for use from any number of threads. */
public final class QuestionAnswerer implements AutoCloseable, ModelFacts.Known {

  private final HeadedEncoder encoder;

  /**
   * One on this model, which it owns.
   *
   * @throws IllegalArgumentException if the model has another head
   */
  public QuestionAnswerer(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.QuestionAnswering)) {
      throw new IllegalArgumentException(
          encoder.facts().name()
              + " has no head that marks answers, so it cannot answer questions");
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
