package dev.diptych.generation;

/**
 * What is told of the tokens beside the text.
 *
 * @param topTokens most probable tokens at each place
 * @param prompt whether the prompt's tokens are told with their probabilities
 * @param plain whether probabilities are those of the model's untouched logits, and not of the
 *     distribution that tokens are drawn from
 */
public record Report(int topTokens, boolean prompt, boolean plain) {

  /** The answer's tokens only. */
  public static final Report OF_THE_ANSWER = new Report(0, false, false);
}
