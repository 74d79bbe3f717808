package dev.diptych.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lowers the logits of tokens that have occurred: the repetition penalty (Keskar et al. 2019,
 * arXiv:1909.05858) and then text-generation-inference's frequency penalty, which is relative to
 * the number of tokens so far.
 */
final class Penalties {

  private static final float BOUND = 1e30f; // keeps sums and differences of penalised logits finite

  private static final int FIRST_LENGTH = 256;

  private final float repetition;
  private final float frequency;
  private int @Nullable [] counts;
  private int[] distinct = {};
  private int distinctSize;
  private int counted;

  Penalties(SamplingParameters parameters) {
    repetition = parameters.repetitionPenalty() == null ? 1 : parameters.repetitionPenalty();
    frequency =
        parameters.relativeFrequencyPenalty() == null ? 0 : parameters.relativeFrequencyPenalty();
  }

  /**
   * Changes a row of logits in place.
   *
   * @param tokens all tokens of the sequence so far; a call sees those of the call before and more
   */
  void apply(float[] logits, int offset, int vocabularySize, int[] tokens, int size) {
    if (repetition == 1 && frequency == 0) {
      return;
    }
    int[] seen = counts;
    if (seen == null) {
      seen = new int[vocabularySize];
      counts = seen;
    }
    for (; counted < size; counted++) {
      int token = tokens[counted];
      if (token < vocabularySize && seen[token]++ == 0) {
        if (distinctSize == distinct.length) {
          distinct = Arrays.copyOf(distinct, Math.max(FIRST_LENGTH, 2 * distinctSize));
        }
        distinct[distinctSize++] = token;
      }
    }
    for (int i = 0; i < distinctSize; i++) {
      int id = distinct[i];
      logits[offset + id] = penalized(logits[offset + id], seen[id], size);
    }
  }

  private float penalized(float logit, int count, int size) {
    float repeated = logit < 0 ? logit * repetition : logit / repetition;
    return Math.clamp(repeated, -BOUND, BOUND) - frequency * count / size;
  }
}
