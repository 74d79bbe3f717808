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

  private MaskScores(float[] logits) {
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

  /**
   * The most probable tokens, best first; of equals the smaller id.
   *
   * @param logits {@code [vocabulary]}
   * @param among the tokens to choose from; null for the whole vocabulary
   * @throws InferenceFailed if the logits are not finite
   */
  static MaskCandidates best(float[] logits, int count, int @Nullable [] among) {
    MaskScores scores = new MaskScores(logits);
    int[] tokens = scores.top(count, among);
    float[] probabilities = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      probabilities[i] = scores.probability(tokens[i]);
    }
    return new MaskCandidates(tokens, probabilities);
  }

  /**
   * The logarithm of the probability of a token.
   *
   * @throws InferenceFailed if the logits are not finite
   */
  static double logProbability(float[] logits, int token) {
    MaskScores scores = new MaskScores(logits);
    return logits[token] - scores.maximum - Math.log(scores.sum);
  }

  private float probability(int token) {
    return (float) (Math.exp(logits[token] - maximum) / sum);
  }

  private int[] top(int count, int @Nullable [] among) {
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
