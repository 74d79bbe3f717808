package dev.diptych.sampling;

import java.util.ArrayList;
import java.util.List;

/** The most probable of the candidates. */
final class TopTokens {

  private TopTokens() {}

  /**
   * The {@code count} most probable tokens, best first, of equal ones the smaller id first.
   *
   * @param total the logarithm of the sum of the exponentials of the scores
   */
  static List<TokenProbability> of(Candidates candidates, int count, double total) {
    int[] best = new int[Math.min(count, candidates.size())];
    int found = 0;
    for (int i = 0; i < candidates.size() && best.length > 0; i++) {
      if (found == best.length && !isBetter(candidates, i, best[found - 1])) {
        continue;
      }
      int place = found < best.length ? found++ : found - 1;
      while (place > 0 && isBetter(candidates, i, best[place - 1])) {
        best[place] = best[--place];
      }
      best[place] = i;
    }
    List<TokenProbability> top = new ArrayList<>(found);
    for (int candidate : best) {
      top.add(TokenProbability.of(candidates.id(candidate), candidates.score(candidate), total));
    }
    return top;
  }

  private static boolean isBetter(Candidates candidates, int a, int b) {
    float one = candidates.score(a);
    float other = candidates.score(b);
    return one > other || (one == other && candidates.id(a) < candidates.id(b));
  }
}
