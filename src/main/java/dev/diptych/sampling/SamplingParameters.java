package dev.diptych.sampling;

import dev.diptych.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. A null component switches its step off, and a neutral one becomes
 * null. Bounds and messages are those of text-generation-inference, which refuses some neutral
 * values.
 *
 * @param doSample draws from the distribution instead of taking its largest value; any of
 *     temperature, topK, topP and typicalP switches it on as well
 * @param temperature divides the logits, above 0, 1 is neutral
 * @param topK keeps the k most probable tokens, 0 is neutral
 * @param topP keeps the most probable tokens whose probabilities add up to p, above 0, 1 is neutral
 * @param typicalP keeps the tokens closest to the expected information content up to this
 *     probability, above 0, 1 is neutral
 * @param repetitionPenalty weakens every token that has occurred, prompt included; above 0, 1 is
 *     neutral
 * @param frequencyPenalty times the share of a token among all tokens so far is taken off its
 *     logit, -2 to 2
 * @param seed of the random numbers, all 64 bits of it; null takes a new one
 */
public record SamplingParameters(
    boolean doSample,
    @Nullable Float temperature,
    @Nullable Integer topK,
    @Nullable Float topP,
    @Nullable Float typicalP,
    @Nullable Float repetitionPenalty,
    @Nullable Float frequencyPenalty,
    @Nullable Long seed) {

  /** The most probable token, always. */
  public static final SamplingParameters GREEDY =
      new SamplingParameters(false, null, null, null, null, null, null, null);

  public SamplingParameters {
    requirePositive("temperature", temperature);
    requirePositive("repetition_penalty", repetitionPenalty);
    if (frequencyPenalty != null && !(frequencyPenalty >= -2 && frequencyPenalty <= 2)) {
      throw new InvalidInput(
          "`frequency_penalty` must be >= -2.0 and <= 2.0. Given: " + frequencyPenalty);
    }
    if (topK != null && topK < 0) {
      throw new InvalidInput("`top_k` must be positive, or 0 for all tokens. Given: " + topK);
    }
    requireProbability("top_p", topP);
    requireProbability("typical_p", typicalP);
    temperature = unlessNeutral(temperature);
    topK = topK != null && topK == 0 ? null : topK;
    topP = unlessNeutral(topP);
    typicalP = unlessNeutral(typicalP);
  }

  /** Whether tokens are drawn; otherwise the most probable one is taken. */
  public boolean isSampled() {
    return doSample || temperature != null || topK != null || topP != null || typicalP != null;
  }

  private static @Nullable Float unlessNeutral(@Nullable Float value) {
    return value != null && value == 1 ? null : value;
  }

  private static void requirePositive(String name, @Nullable Float value) {
    if (value != null && !(value > 0 && value <= Float.MAX_VALUE)) {
      throw new InvalidInput("`%s` must be strictly positive. Given: %s".formatted(name, value));
    }
  }

  private static void requireProbability(String name, @Nullable Float value) {
    if (value != null && !(value > 0 && value <= 1)) {
      throw new InvalidInput("`%s` must be > 0.0 and <= 1.0. Given: %s".formatted(name, value));
    }
  }
}
