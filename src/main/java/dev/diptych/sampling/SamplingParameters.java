package dev.diptych.sampling;

import dev.diptych.InvalidInput;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. A null component switches its step off, and a neutral one becomes
 * null. Bounds and messages are those of text-generation-inference, which refuses some neutral
 * values.
 *
 * @param doSample draws from the distribution instead of taking its largest value; any of
 *     temperature, topK, topP, minP and typicalP switches it on as well
 * @param temperature divides the logits, above 0, 1 is neutral
 * @param topK keeps the k most probable tokens, 0 is neutral
 * @param topP keeps the most probable tokens whose probabilities add up to p, above 0, 1 is neutral
 * @param minP keeps the tokens that are at least this much as probable as the most probable one, 0
 *     is neutral
 * @param typicalP keeps the tokens closest to the expected information content up to this
 *     probability, above 0, 1 is neutral
 * @param repetitionPenalty weakens every token that has occurred, prompt included; above 0, 1 is
 *     neutral
 * @param relativeFrequencyPenalty times the share of a token among all tokens so far is taken off
 *     its logit, -2 to 2
 * @param presencePenalty is taken off the logit of every token of the answer, -2 to 2
 * @param frequencyPenalty is taken off the logit of every token of the answer as often as it occurs
 *     there, -2 to 2
 * @param logitBias is added to the logits of these tokens, -100 to 100
 * @param seed of the random numbers, all 64 bits of it; null takes a new one
 */
public record SamplingParameters(
    boolean doSample,
    @Nullable Float temperature,
    @Nullable Integer topK,
    @Nullable Float topP,
    @Nullable Float minP,
    @Nullable Float typicalP,
    @Nullable Float repetitionPenalty,
    @Nullable Float relativeFrequencyPenalty,
    @Nullable Float presencePenalty,
    @Nullable Float frequencyPenalty,
    Map<Integer, Float> logitBias,
    @Nullable Long seed) {

  /** The most probable token, always. */
  public static final SamplingParameters GREEDY =
      new SamplingParameters(
          false, null, null, null, null, null, null, null, null, null, Map.of(), null);

  private static final int MOST_BIASES = 1024;
  private static final float LARGEST_BIAS = 100;

  public SamplingParameters {
    requirePositive("temperature", temperature);
    requirePositive("repetition_penalty", repetitionPenalty);
    requirePenalty("frequency_penalty", relativeFrequencyPenalty);
    requirePenalty("presence_penalty", presencePenalty);
    requirePenalty("frequency_penalty", frequencyPenalty);
    if (topK != null && topK < 0) {
      throw new InvalidInput("`top_k` must be positive, or 0 for all tokens. Given: " + topK);
    }
    requireProbability("top_p", topP);
    if (minP != null && !(minP >= 0 && minP <= 1)) {
      throw new InvalidInput("`min_p` must be >= 0.0 and <= 1.0. Given: " + minP);
    }
    requireProbability("typical_p", typicalP);
    requireBiases(logitBias);
    temperature = unless(1, temperature);
    topK = topK != null && topK == 0 ? null : topK;
    topP = unless(1, topP);
    minP = unless(0, minP);
    typicalP = unless(1, typicalP);
    logitBias = Map.copyOf(logitBias);
  }

  /** Whether tokens are drawn; otherwise the most probable one is taken. */
  public boolean isSampled() {
    return doSample || shapesTheDraw();
  }

  /** Whether what is drawn from differs from the distribution of the logits. */
  boolean shapesTheDraw() {
    return temperature != null || topK != null || topP != null || minP != null || typicalP != null;
  }

  private static @Nullable Float unless(float neutral, @Nullable Float value) {
    return value != null && value == neutral ? null : value;
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

  private static void requirePenalty(String name, @Nullable Float value) {
    if (value != null && !(value >= -2 && value <= 2)) {
      throw new InvalidInput("`%s` must be >= -2.0 and <= 2.0. Given: %s".formatted(name, value));
    }
  }

  private static void requireBiases(Map<Integer, Float> biases) {
    if (biases.size() > MOST_BIASES) {
      throw new InvalidInput(
          "`logit_bias` must have at most %d tokens. Given: %d"
              .formatted(MOST_BIASES, biases.size()));
    }
    biases.forEach(
        (token, bias) -> {
          if (!(Math.abs(bias) <= LARGEST_BIAS)) {
            throw new InvalidInput(
                "`logit_bias` must be >= -100.0 and <= 100.0. Given: %s for the token %d"
                    .formatted(bias, token));
          }
        });
  }
}
