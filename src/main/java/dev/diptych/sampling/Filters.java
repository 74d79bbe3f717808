package dev.diptych.sampling;

/**
 * The steps that narrow the candidates of a draw: top-k (Fan et al. 2018, arXiv:1805.04833), top-p
 * (Holtzman et al. 2019, arXiv:1904.09751) and typical (Meister et al. 2022, arXiv:2202.00666),
 * with the boundary cases as transformers has them, except that of equal scores the smaller ids are
 * kept.
 */
final class Filters {

  private static final int FIRST_LOOK = 64;

  private Filters() {}

  static void topK(Candidates candidates, int k) {
    candidates.orderBest(k);
    candidates.keep(k);
  }

  /** Keeps the fewest best tokens whose probabilities reach {@code p}, at least one. */
  static void topP(Candidates candidates, float p) {
    double total = LogSumExp.of(candidates.scores, 0, candidates.size);
    candidates.orderBest(candidates.size);
    int kept = reaching(candidates, candidates.size, p, total);
    candidates.keep(kept > 0 ? kept : candidates.size);
  }

  /**
   * The same of the row in the candidates' columns.
   *
   * @param total the {@link LogSumExp} of the row
   */
  static void topP(Candidates candidates, float p, double total) {
    // most distributions need a few tokens, so the best are looked at in growing portions
    for (int looked = FIRST_LOOK; ; looked *= 8) {
      candidates.columns.collect(looked, candidates);
      candidates.orderBest(looked);
      int ordered = Math.min(looked, candidates.size);
      int kept = reaching(candidates, ordered, p, total);
      if (kept > 0 || looked >= candidates.ids.length) {
        candidates.keep(kept > 0 ? kept : candidates.size);
        return;
      }
    }
  }

  /**
   * Keeps the tokens whose information content is closest to the entropy of the distribution, until
   * their probabilities reach {@code p}.
   */
  static void typical(Candidates candidates, float p) {
    double total = LogSumExp.of(candidates.scores, 0, candidates.size);
    double entropy = 0;
    for (int i = 0; i < candidates.size; i++) {
      double logProbability = candidates.scores[i] - total;
      entropy -= Math.exp(logProbability) * logProbability;
    }
    Candidates byDistance = candidates.second();
    byDistance.size = candidates.size;
    for (int i = 0; i < candidates.size; i++) {
      byDistance.scores[i] = (float) -Math.abs(total - candidates.scores[i] - entropy);
      byDistance.ids[i] = i;
    }
    byDistance.orderBest(byDistance.size);
    double sum = 0;
    int kept = 0;
    while (kept < byDistance.size && sum < p) {
      int candidate = byDistance.ids[kept];
      byDistance.scores[kept] = candidates.scores[candidate];
      byDistance.ids[kept] = candidates.ids[candidate];
      sum += Math.exp(byDistance.scores[kept++] - total);
    }
    System.arraycopy(byDistance.scores, 0, candidates.scores, 0, kept);
    System.arraycopy(byDistance.ids, 0, candidates.ids, 0, kept);
    candidates.keep(kept);
  }

  /* How many of the first `ordered` candidates reach p; 0 if they do not. */
  private static int reaching(Candidates candidates, int ordered, float p, double total) {
    double sum = 0;
    for (int i = 0; i < ordered; i++) {
      sum += Math.exp(candidates.scores[i] - total);
      if (sum >= p) {
        return i + 1;
      }
    }
    return 0;
  }
}
