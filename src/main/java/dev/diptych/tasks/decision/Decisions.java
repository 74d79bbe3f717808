package dev.diptych.tasks.decision;

import java.util.List;

/**
 * The answers to the questions of one request.
 *
 * @param answers in the order of the questions
 * @param inputTokens of all prompts or texts that the model read, each counted as often as it was
 *     put to the model
 * @param cachedTokens how many of them did not have to be computed
 */
public record Decisions(List<Answer> answers, long inputTokens, long cachedTokens) {

  public Decisions {
    answers = List.copyOf(answers);
  }
}
