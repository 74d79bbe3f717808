package dev.diptych.sampling;

/**
 * A token and how probable it was.
 *
 * @param logProbability natural logarithm of the probability, 0 or less
 */
public record TokenProbability(int id, float logProbability) {

  /**
   * From the score of a token.
   *
   * @param total the logarithm of the sum of the exponentials of all scores
   */
  static TokenProbability of(int id, float score, double total) {
    return new TokenProbability(id, (float) Math.min(0, score - total));
  }
}
