package dev.diptych.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param text without special tokens; a stop sequence is its end
 * @param seed of the random numbers; null for greedy decoding
 * @param prompt the prompt's tokens with their probabilities, if asked for
 * @param tokens all tokens of the answer
 * @param topTokens for each token the most probable ones, if asked for
 */
public record Completion(
    String text,
    FinishReason finishReason,
    @Nullable Long seed,
    List<GeneratedToken> prompt,
    List<GeneratedToken> tokens,
    List<List<GeneratedToken>> topTokens) {

  public Completion {
    prompt = List.copyOf(prompt);
    tokens = List.copyOf(tokens);
    topTokens = List.copyOf(topTokens);
  }

  /** The logarithm of the probability of a token, on average. */
  public double meanLogProbability() {
    return tokens.stream()
        .map(GeneratedToken::logProbability)
        .mapToDouble(logProbability -> logProbability == null ? 0 : logProbability)
        .average()
        .orElse(0);
  }
}
