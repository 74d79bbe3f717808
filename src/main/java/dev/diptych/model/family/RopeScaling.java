package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads how rotary positions are stretched: {@code rope_type}, formerly {@code type}, and what
 * belongs to it. Defaults are those of transformers' {@code modeling_rope_utils.py}.
 *
 * @param width how many channels of a head rotate
 * @param originalContext most positions before stretching
 */
record RopeScaling(ConfigFile rope, int width, int context, int originalContext, double theta) {

  private static final String FACTOR = "factor";
  private static final String ATTENTION_FACTOR = "attention_factor";

  /** The scaling; null if there is none. */
  RotaryEmbedding.@Nullable Scaling read() throws IOException {
    // fields of other types that many files have beside their own
    rope.find(FACTOR, "low_freq_factor", "high_freq_factor", RopeFields.ORIGINAL_CONTEXT);
    String newType = rope.text("", "rope_type");
    String oldType = rope.text("default", "type");
    String type = newType.isEmpty() ? oldType : newType;
    return switch (type) {
      case "default" -> null;
      case "linear" -> new RotaryEmbedding.Linear(factor());
      case "dynamic" -> dynamic();
      case "llama3" -> llama3();
      case "yarn" -> rope.find("short_factor") == null ? yarn() : longRope();
      case "longrope", "su" -> longRope();
      default ->
          throw new IOException(
              "%s: rope_type '%s' is not supported (supported: %s)"
                  .formatted(
                      rope.name(),
                      shortened(type),
                      "default, linear, dynamic, llama3, yarn, longrope"));
    };
  }

  private double factor() throws IOException {
    if (rope.find(FACTOR) == null) {
      throw new IOException("%s lacks factor".formatted(rope.name()));
    }
    return rope.positive(1, FACTOR);
  }

  /* Changes frequencies of sequences beyond the context only, which are refused. */
  private RotaryEmbedding.@Nullable Scaling dynamic() throws IOException {
    factor();
    return null;
  }

  private RotaryEmbedding.Scaling llama3() throws IOException {
    var scaling =
        new RotaryEmbedding.Llama3(
            factor(),
            rope.positive(1, "low_freq_factor"),
            rope.positive(4, "high_freq_factor"),
            originalContext);
    if (scaling.highFrequencyFactor() <= scaling.lowFrequencyFactor()) {
      throw new IOException(
          "%s: high_freq_factor %s must be above low_freq_factor %s"
              .formatted(rope.name(), scaling.highFrequencyFactor(), scaling.lowFrequencyFactor()));
    }
    return scaling;
  }

  private RotaryEmbedding.Scaling yarn() throws IOException {
    if (theta <= 1) {
      throw new IOException(
          "%s: rope_theta %s must be above 1 with rope_type yarn".formatted(rope.name(), theta));
    }
    double factor = rope.positive((double) context / originalContext, FACTOR);
    double scale = rope.number(0, "mscale");
    double scaleOfAll = rope.number(0, "mscale_all_dim");
    double usual =
        scale == 0 || scaleOfAll == 0
            ? magnitude(factor, 1)
            : magnitude(factor, scale) / magnitude(factor, scaleOfAll);
    return new RotaryEmbedding.Yarn(
        factor,
        rope.positive(usual, ATTENTION_FACTOR),
        rope.positive(32, "beta_fast"),
        rope.positive(1, "beta_slow"),
        originalContext,
        rope.flag(true, "truncate"));
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  private RotaryEmbedding.Scaling longRope() throws IOException {
    if (originalContext < 2) {
      throw new IOException(
          "%s: %s must be above 1 (got %d)"
              .formatted(rope.name(), RopeFields.ORIGINAL_CONTEXT, originalContext));
    }
    List<Double> ofShort = factors("short_factor");
    factors("long_factor"); // for longer sequences, which are refused
    double factor = rope.positive((double) context / originalContext, FACTOR);
    double usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
    return new RotaryEmbedding.LongRope(
        ofShort, rope.positive(usual, ATTENTION_FACTOR), originalContext);
  }

  private List<Double> factors(String field) throws IOException {
    JsonNode factors = rope.find(field);
    if (factors == null
        || !factors.isArray()
        || factors.size() != width / 2
        || !factors.valueStream().allMatch(RopeScaling::isFactor)) {
      throw new IOException(
          "%s: %s must have %d numbers above 0, one for each pair of channels (got %s)"
              .formatted(rope.name(), field, width / 2, shortened(factors)));
    }
    return factors.valueStream().map(JsonNode::doubleValue).toList();
  }

  private static boolean isFactor(JsonNode number) {
    return number.isNumber() && Double.isFinite(number.doubleValue()) && number.doubleValue() > 0;
  }
}
