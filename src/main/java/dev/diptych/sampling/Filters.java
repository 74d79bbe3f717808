package dev.diptych.sampling;

/**
 * The steps that narrow the candidates of a draw: top-k (Fan et al. 2018, arXiv:1805.04833), top-p
 * (Holtzman et al. 2019, arXiv:1904.09751), min-p (Nguyen et al. 2024, arXiv:2407.01082) and
 * typical (Meister et al. 2022, arXiv:2202.00666), with the boundary cases as transformers has
 * them, except that of equal scores the smaller ids are kept.
 */
final class Filters {

  private static final int FIRST_LOOK = 64;
  private static final int LAST_LOOK = 256;
  private static final double SLACK = 0.01;

  private Filters() {}

  static void topK(Candidates candidates, int k) {
    candidates.findBest(k, Ranking.BY_SCORE);
    candidates.keepCount(k);
  }

  /** Keeps the fewest best tokens whose probabilities reach {@code p}, at least one. */
  static void topP(Candidates candidates, float p) {
    keep(candidates, p, candidates.mass(), Ranking.BY_SCORE);
  }

  /** Keeps the tokens that are at least {@code p} times as probable as the best one. */
  static void minP(Candidates candidates, float p) {
    candidates.keepWithin((float) -Math.log(p));
  }

  /**
   * Keeps the tokens whose information content is closest to the entropy of the distribution, until
   * their probabilities reach {@code p}.
   */
  static void typical(Candidates candidates, float p) {
    double mass = candidates.mass();
    // the score whose information content is the entropy is the mean score
    double center = candidates.row.largest() + candidates.meanScore(mass);
    keep(candidates, p, mass, Ranking.closestTo(center));
  }

  private static void keep(Candidates candidates, float p, double mass, Ranking ranking) {
    double needed = p * mass;
    if (!candidates.isWhole()) {
      candidates.keepMass(needed, ranking);
      return;
    }
    candidates.row.rank(ranking);
    // most distributions need a few tokens, so the best few are looked at first
    for (int looked = FIRST_LOOK; looked <= LAST_LOOK; looked *= 4) {
      candidates.findBest(looked, ranking);
      candidates.weigh();
      if (candidates.keepMass(needed, ranking)) {
        return;
      }
    }
    candidates.findWithin(limit(candidates.row, p, mass, ranking), ranking);
    candidates.weigh();
    candidates.keepMass(needed, ranking);
  }

  /*
   * A distance that no token which is needed exceeds: tokens of less than an equal share of what
   * may be left out are not needed, unless better ones lie beyond them.
   */
  private static float limit(Row row, float p, double mass, Ranking ranking) {
    double least = row.largest() + Math.log((1.0 - p) * mass / row.size) - SLACK;
    double limit =
        ranking.byScore()
            ? row.largest() - least
            : Math.max(row.largest() - ranking.center(), ranking.center() - least) + SLACK;
    return (float) limit;
  }
}
