package dev.diptych.sampling;

import dev.diptych.InferenceFailed;
import java.util.List;

/** Tells how probable tokens are by a row of logits, of which nothing is changed or left out. */
public final class PlainProbabilities {

  private final Candidates candidates;

  /** What tells of rows in the working memory of one thread. */
  public PlainProbabilities(Candidates candidates) {
    this.candidates = candidates;
  }

  /**
   * The probability of a token that is known, and of the best ones at its place.
   *
   * @throws InferenceFailed if the logits are no numbers
   */
  public SampledToken of(float[] logits, int offset, int token, int topTokens) {
    if (!candidates.open(logits, offset, null)) {
      throw InferenceFailed.known("the model's logits are not numbers");
    }
    return ofOpened(candidates, token, topTokens);
  }

  static SampledToken ofOpened(Candidates candidates, int token, int topTokens) {
    double total = candidates.row.largest() + Math.log(candidates.mass());
    TokenProbability told = TokenProbability.of(token, candidates.row.score(token), total);
    if (topTokens == 0) {
      return new SampledToken(told, List.of());
    }
    candidates.findBest(topTokens, Ranking.BY_SCORE);
    return new SampledToken(told, TopTokens.of(candidates, topTokens, total));
  }
}
