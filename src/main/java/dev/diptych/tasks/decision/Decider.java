package dev.diptych.tasks.decision;

import dev.diptych.encoding.Keeper;
import java.util.List;

/** One model that answers questions about a text. Safe for use from any number of threads. */
public sealed interface Decider
    permits DecoderDecider, ClassifierDecider, ClozeDecider, SimilarityDecider {

  /**
   * Answers all questions. No answer depends on the other questions.
   *
   * @param state the text that they are about
   * @param questions at least one
   * @param keeper is given what the request holds until its answer is written
   * @throws dev.diptych.InvalidInput if the model cannot answer one of them, or it takes too many
   *     tokens
   * @throws dev.diptych.Overloaded if too much is going on
   * @throws InterruptedException if the client has left
   */
  Decisions decide(String state, List<Question> questions, Keeper keeper)
      throws InterruptedException;
}
