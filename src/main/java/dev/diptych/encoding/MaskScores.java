package dev.diptych.encoding;

import dev.diptych.InferenceFailed;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The distribution over the vocabulary at one mask: softmax of a row of logits, in float64. */
final class MaskScores {

  private final float[] logits;
  private final double maximum;
  private final double sum;

  /**
   * @param logits {@code [vocabulary]}
   */
  MaskScores(float[] logits) {
    this.logits = logits;
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - largest);
    }
    if (!Double.isFinite(total)) {
      throw new InferenceFailed("the model gave logits that are not finite");
    }
    this.maximum = largest;
    this.sum = total;
  }

  /** The probability of a token. */
  float probability(int token) {
    return (float) (Math.exp(logits[token] - maximum) / sum);
  }

  /**
   * The most probable tokens, best first; of equals the smaller id.
   *
   * @param among the tokens to choose from; null for the whole vocabulary
   */
  int[] top(int count, int @Nullable [] among) {
    Comparator<Integer> worstFirst =
        Comparator.<Integer>comparingDouble(token -> logits[token])
            .thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(worstFirst);
    IntStream tokens = among == null ? IntStream.range(0, logits.length) : Arrays.stream(among);
    tokens.forEach(
        token -> {
          if (best.size() < count) {
            best.add(token);
          } else if (logits[token] >= logits[best.element()]
              && worstFirst.compare(token, best.element()) > 0) {
            best.remove();
            best.add(token);
          }
        });
    return best.stream().sorted(worstFirst.reversed()).mapToInt(Integer::intValue).toArray();
  }
}
