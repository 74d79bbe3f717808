package dev.diptych.tasks.decision;

import dev.diptych.DiptychSettings;
import dev.diptych.InvalidInput;

/**
 * What one request may ask for.
 *
 * @param rotations orders in which a decoder sees the options of a choice
 * @param maxQuestions most questions
 * @param maxTokens most tokens of all prompts together
 */
public record DecisionLimits(int rotations, int maxQuestions, long maxTokens) {

  /** The settings' limits. */
  public static DecisionLimits of(DiptychSettings.Decisions settings) {
    return new DecisionLimits(settings.rotations(), settings.maxQuestions(), settings.maxTokens());
  }

  /** In how many orders a choice is asked. */
  int orders(int options) {
    return Math.min(rotations, options);
  }

  /**
   * Checks how many questions there are.
   *
   * @throws InvalidInput if there are none, or too many
   */
  public void checkQuestions(int count) {
    if (count == 0) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`questions` cannot be empty");
    }
    if (count > maxQuestions) {
      throw new InvalidInput(
          "`questions` must have at most %d (diptych.decisions.max-questions). Given: %d"
              .formatted(maxQuestions, count));
    }
  }

  /**
   * Checks what has come together so far.
   *
   * @throws InvalidInput if it is too much
   */
  void checkTokens(long tokens) {
    if (tokens > maxTokens) {
      throw new InvalidInput(
          InvalidInput.Kind.TOO_LONG,
          "`questions` come to more than %d tokens, each with `state`, and a choice as often as its options are put in another order (diptych.decisions.max-tokens)"
              .formatted(maxTokens));
    }
  }
}
