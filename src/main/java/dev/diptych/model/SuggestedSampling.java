package dev.diptych.model;

import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * How a checkpoint suggests to draw tokens when a request does not say, in the words of
 * generation_config.json; null where it suggests nothing.
 */
public record SuggestedSampling(
    @Nullable Float temperature,
    @Nullable Integer topK,
    @Nullable Float topP,
    @Nullable Float minP,
    @Nullable Float typicalP,
    @Nullable Float repetitionPenalty) {

  /** No suggestion. */
  public static final SuggestedSampling NONE =
      new SuggestedSampling(null, null, null, null, null, null);

  private static final Logger log = LoggerFactory.getLogger(SuggestedSampling.class);

  /* What nobody could draw with is left out with a warning. */
  static SuggestedSampling read(ConfigFile file) {
    Float topK = number(file, "top_k", k -> k >= 0 && k == Math.rint(k) && k <= 1 << 24);
    return new SuggestedSampling(
        number(file, "temperature", SuggestedSampling::isPositive),
        topK == null ? null : Integer.valueOf(topK.intValue()),
        number(file, "top_p", p -> p > 0 && p <= 1),
        number(file, "min_p", p -> p >= 0 && p <= 1),
        number(file, "typical_p", p -> p > 0 && p <= 1),
        number(file, "repetition_penalty", SuggestedSampling::isPositive));
  }

  private static boolean isPositive(double value) {
    return (float) value > 0 && value <= Float.MAX_VALUE;
  }

  private static @Nullable Float number(ConfigFile file, String field, DoublePredicate accepted) {
    JsonNode node = file.find(field);
    if (node == null) {
      return null;
    }
    if (node.isNumber() && accepted.test(node.doubleValue())) {
      return (float) node.doubleValue();
    }
    log.warn(
        "{} suggests {} = {}, which is left out",
        file.name(),
        field,
        CheckpointJson.shortened(node));
    return null;
  }
}
