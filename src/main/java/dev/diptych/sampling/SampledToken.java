package dev.diptych.sampling;

import java.util.List;

/**
 * The outcome of one step.
 *
 * @param token the chosen token
 * @param top the most probable tokens of the same distribution, best first
 */
public record SampledToken(TokenProbability token, List<TokenProbability> top) {

  public SampledToken {
    top = List.copyOf(top);
  }
}
