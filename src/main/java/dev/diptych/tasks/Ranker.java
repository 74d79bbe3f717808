package dev.diptych.tasks;

import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;

/**
 * Tells how well each of several texts answers a query. Safe for use from any number of threads.
 */
public final class Ranker implements AutoCloseable, ModelFacts.Known {

  private final HeadedEncoder encoder;

  /**
   * @throws IllegalArgumentException if the model has another head
   */
  public Ranker(HeadedEncoder encoder) {
    if (!(encoder.head() instanceof Head.SequenceClassifier)) {
      throw new IllegalArgumentException(
          encoder.facts().name() + " is no classifier of pairs of texts, so it cannot rank");
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
