package dev.diptych.http.decisions;

import dev.diptych.tasks.decision.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked.
 *
 * @param model which one is to answer; null takes the default
 * @param state what the questions are about
 */
record DecisionRequest(@Nullable String model, String state, List<Asked> asked) {

  DecisionRequest {
    asked = List.copyOf(asked);
  }

  /** The questions in their order. */
  List<Question> questions() {
    return Asked.questions(asked);
  }
}
