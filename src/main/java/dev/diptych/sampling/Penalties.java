package dev.diptych.sampling;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes the logits of single tokens: the repetition penalty (Keskar et al. 2019,
 * arXiv:1909.05858) and text-generation-inference's frequency penalty, which is relative to the
 * number of tokens so far, on all that have occurred; then OpenAI's penalties on those of the
 * answer, and its biases.
 */
final class Penalties {

  private static final float BOUND = 1e30f; // keeps sums and differences of penalised logits finite

  private final float repetition;
  private final float relativeFrequency;
  private final float presence;
  private final float frequency;
  private final int promptTokens;
  private final int[] biased;
  private final float[] biases;
  private @Nullable TokenCounts all;
  private @Nullable TokenCounts ofTheAnswer;

  Penalties(SamplingParameters parameters, int promptTokens) {
    this.promptTokens = promptTokens;
    repetition = orNeutral(parameters.repetitionPenalty(), 1);
    relativeFrequency = orNeutral(parameters.relativeFrequencyPenalty(), 0);
    presence = orNeutral(parameters.presencePenalty(), 0);
    frequency = orNeutral(parameters.frequencyPenalty(), 0);
    Map<Integer, Float> bias = parameters.logitBias();
    biased = new int[bias.size()];
    biases = new float[bias.size()];
    int next = 0;
    for (Map.Entry<Integer, Float> entry : bias.entrySet()) {
      biased[next] = entry.getKey();
      biases[next++] = entry.getValue();
    }
  }

  private static float orNeutral(@Nullable Float value, float neutral) {
    return value == null ? neutral : value;
  }

  /** Whether no logit is ever changed. */
  boolean areNeutral() {
    return !penalizesAll() && !penalizesTheAnswer() && biased.length == 0;
  }

  private boolean penalizesAll() {
    return repetition != 1 || relativeFrequency != 0;
  }

  private boolean penalizesTheAnswer() {
    return presence != 0 || frequency != 0;
  }

  /**
   * Changes a row of logits in place.
   *
   * @param tokens all tokens of the sequence so far; a call sees those of the call before and more
   */
  void apply(float[] logits, int offset, int vocabularySize, int[] tokens, int size) {
    if (penalizesAll()) {
      TokenCounts counts = all == null ? new TokenCounts(vocabularySize, 0) : all;
      all = counts;
      counts.count(tokens, size);
      for (int i = 0; i < counts.size(); i++) {
        int id = counts.id(i);
        logits[offset + id] = penalized(logits[offset + id], counts.of(id), size);
      }
    }
    if (penalizesTheAnswer()) {
      TokenCounts counts =
          ofTheAnswer == null ? new TokenCounts(vocabularySize, promptTokens) : ofTheAnswer;
      ofTheAnswer = counts;
      counts.count(tokens, size);
      for (int i = 0; i < counts.size(); i++) {
        int id = counts.id(i);
        logits[offset + id] -= presence + frequency * counts.of(id);
      }
    }
    for (int i = 0; i < biased.length; i++) {
      logits[offset + biased[i]] += biases[i];
    }
  }

  private float penalized(float logit, int count, int size) {
    float repeated = logit < 0 ? logit * repetition : logit / repetition;
    return Math.clamp(repeated, -BOUND, BOUND) - relativeFrequency * count / size;
  }
}
