package dev.diptych.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param text without special tokens; a stop sequence is its end, unless it is not to be kept. The
 *     texts of the tokens that are not special, put together, are all of it or a beginning: what is
 *     held back until the end of the answer is in no token if the last one is special
 * @param seed of the random numbers; null for greedy decoding
 * @param prompt the prompt's tokens with their probabilities, if asked for
 * @param promptTop for each of these the most probable ones at its place, none for the first, if
 *     asked for
 * @param next the logarithms of the probabilities that the tokens asked for have behind the prompt,
 *     in their order
 * @param tokens all tokens of the answer
 * @param topTokens for each token the most probable ones, if asked for
 */
public record Completion(
    String text,
    FinishReason finishReason,
    @Nullable Long seed,
    List<GeneratedToken> prompt,
    List<List<GeneratedToken>> promptTop,
    List<Double> next,
    List<GeneratedToken> tokens,
    List<List<GeneratedToken>> topTokens) {

  public Completion {
    prompt = List.copyOf(prompt);
    promptTop = List.copyOf(promptTop);
    next = List.copyOf(next);
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
