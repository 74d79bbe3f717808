package dev.diptych.sampling;

import java.util.ArrayList;
import java.util.List;

/** The most probable tokens of a row of logits. */
final class TopTokens {

  private TopTokens() {}

  /**
   * The {@code count} most probable tokens, best first, of equal ones the smaller id first.
   *
   * @param total the {@link LogSumExp} of the row
   */
  static List<TokenProbability> of(
      float[] logits, int offset, int vocabularySize, int count, double total) {
    if (count == 0) {
      return List.of();
    }
    int[] best = new int[Math.min(count, vocabularySize)];
    int found = 0;
    for (int id = 0; id < vocabularySize; id++) {
      float logit = logits[offset + id];
      if (found == best.length && !(logit > logits[offset + best[found - 1]])) {
        continue;
      }
      int place = found < best.length ? found++ : found - 1;
      while (place > 0 && logit > logits[offset + best[place - 1]]) {
        best[place] = best[--place];
      }
      best[place] = id;
    }
    List<TokenProbability> top = new ArrayList<>(found);
    for (int i = 0; i < found; i++) {
      top.add(new TokenProbability(best[i], (float) (logits[offset + best[i]] - total)));
    }
    return top;
  }
}
