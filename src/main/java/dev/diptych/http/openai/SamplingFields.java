package dev.diptych.http.openai;

import dev.diptych.http.NearestFloat;
import dev.diptych.model.SuggestedSampling;
import dev.diptych.sampling.SamplingParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request that say how tokens are drawn. What is absent or null has a default. */
record SamplingFields(
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable Double minP,
    @Nullable Double typicalP,
    @Nullable Double repetitionPenalty,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Map<Integer, @Nullable Double> logitBias,
    @Nullable Long seed) {

  /** No field. */
  static final SamplingFields NONE =
      new SamplingFields(null, null, null, null, null, null, null, null, null, null);

  /**
   * The engine's parameters: tokens are drawn unless the temperature is 0.
   *
   * @param suggested what the model's files suggest, which goes before OpenAI's defaults
   */
  SamplingParameters parameters(SuggestedSampling suggested) {
    SamplingParameters drawn =
        new SamplingParameters(
            true,
            isGreedy() ? null : or(NearestFloat.of(temperature), suggested.temperature()),
            topK(suggested),
            or(NearestFloat.of(topP), suggested.topP()),
            or(NearestFloat.of(minP), suggested.minP()),
            or(NearestFloat.of(typicalP), suggested.typicalP()),
            or(NearestFloat.of(repetitionPenalty), suggested.repetitionPenalty()),
            null,
            unlessNeutral(NearestFloat.of(presencePenalty)),
            unlessNeutral(NearestFloat.of(frequencyPenalty)),
            biases(),
            seed);
    return isGreedy() ? greedy(drawn) : drawn;
  }

  boolean isGreedy() {
    return temperature != null && temperature == 0;
  }

  /* What cuts the distribution changes nothing then, once it is known to be in order. */
  private static SamplingParameters greedy(SamplingParameters drawn) {
    return new SamplingParameters(
        false,
        null,
        null,
        null,
        null,
        null,
        drawn.repetitionPenalty(),
        null,
        drawn.presencePenalty(),
        drawn.frequencyPenalty(),
        drawn.logitBias(),
        null);
  }

  /** All tokens are -1 to vLLM. */
  private @Nullable Integer topK(SuggestedSampling suggested) {
    return topK == null ? suggested.topK() : topK == -1 ? Integer.valueOf(0) : topK;
  }

  private static <T> @Nullable T or(@Nullable T given, @Nullable T suggested) {
    return given == null ? suggested : given;
  }

  private static @Nullable Float unlessNeutral(@Nullable Float penalty) {
    return penalty != null && penalty == 0 ? null : penalty;
  }

  private Map<Integer, Float> biases() {
    if (logitBias == null) {
      return Map.of();
    }
    Map<Integer, Float> biases = new LinkedHashMap<>();
    logitBias.forEach(
        (token, bias) -> {
          if (bias == null) {
            throw Refusal.value("logit_bias", "`logit_bias` must be numbers, one of them is null");
          }
          biases.put(token, NearestFloat.of(bias));
        });
    return biases;
  }
}
