package dev.diptych.tasks;

import dev.diptych.encoding.EncodingMetrics;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How well texts answer a query.
 *
 * <p>The array is not copied.
 *
 * @param logits the more the better, all of them finite, {@code [texts]}
 * @param metrics what they cost
 */
@SuppressWarnings("ArrayRecordComponent")
public record Ranking(float[] logits, EncodingMetrics metrics) {

  /**
   * What is told of the texts.
   *
   * @param raw whether the logits; else their sigmoids, between 0 and 1
   * @return {@code [texts]}
   */
  public float[] scores(boolean raw) {
    return (raw ? ScoreFunction.NONE : ScoreFunction.SIGMOID).of(logits);
  }

  /**
   * The places of the best texts, best first; of two with equal logits the earlier comes first.
   *
   * @param most how many at most
   */
  public int[] best(int most) {
    int[] best = new int[Math.min(most, logits.length)];
    Integer[] order = IntStream.range(0, logits.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
    for (int i = 0; i < best.length; i++) {
      best[i] = order[i];
    }
    return best;
  }
}
