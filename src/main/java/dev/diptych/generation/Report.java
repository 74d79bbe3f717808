package dev.diptych.generation;

import java.util.List;

/**
 * What is told of the tokens beside the text.
 *
 * @param topTokens most probable tokens at each place
 * @param prompt whether the prompt's tokens are told with their probabilities
 * @param plain whether probabilities are those of the model's untouched logits, and not of the
 *     distribution that tokens are drawn from
 * @param next tokens of which is told how probable each is behind the prompt, by the untouched
 *     logits
 */
public record Report(int topTokens, boolean prompt, boolean plain, List<Integer> next) {

  /** The answer's tokens only. */
  public static final Report OF_THE_ANSWER = new Report(0, false, false);

  public Report {
    next = List.copyOf(next);
  }

  /** What is told without anything of the tokens that may follow the prompt. */
  public Report(int topTokens, boolean prompt, boolean plain) {
    this(topTokens, prompt, plain, List.of());
  }

  /** How probable each of these tokens is behind the prompt. */
  public static Report ofNext(List<Integer> tokens) {
    return new Report(0, false, true, tokens);
  }

  /** Whether there is something to tell though no answer is drawn. */
  boolean isOfPrompt() {
    return prompt || !next.isEmpty();
  }
}
