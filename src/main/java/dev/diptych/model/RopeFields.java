package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a decoder's rotary positions: {@code rope_parameters}, or {@code rope_scaling} and {@code
 * rope_theta} as older files have it.
 */
final class RopeFields {

  private static final double DEFAULT_THETA = 10_000;
  private static final String ORIGINAL_CONTEXT = "original_max_position_embeddings";

  private RopeFields() {}

  static RotaryEmbedding read(ConfigFile config, int contextLength) throws IOException {
    ConfigFile rope = scaling(config);
    double outerTheta = config.positive(DEFAULT_THETA, "rope_theta");
    requireWhole(config);
    int context =
        config.count(1, SizeLimits.POSITIONS, contextLength, ORIGINAL_CONTEXT); // goes first
    if (rope == null) {
      return new RotaryEmbedding(outerTheta, null);
    }
    double theta = rope.positive(outerTheta, "rope_theta");
    String newType = rope.text("", "rope_type");
    String oldType = rope.text("default", "type");
    String type = newType.isEmpty() ? oldType : newType;
    requireWhole(rope);
    RotaryEmbedding.@Nullable Scaling scaling =
        switch (type) {
          case "default" -> null;
          case "linear" -> new RotaryEmbedding.Linear(factor(rope));
          case "llama3" ->
              llama3(rope, config.find(ORIGINAL_CONTEXT) == null ? 0 : context, context);
          default ->
              throw new IOException(
                  "%s: rope_type '%s' is not supported (supported: default, linear, llama3)"
                      .formatted(rope.name(), shortened(type)));
        };
    Set<String> unknown =
        rope.unknown(Set.of("factor", "low_freq_factor", "high_freq_factor", ORIGINAL_CONTEXT));
    if (!unknown.isEmpty()) {
      throw new IOException(
          "%s: %s is not supported with rope_type '%s'"
              .formatted(rope.name(), unknown.iterator().next(), type));
    }
    return new RotaryEmbedding(theta, scaling);
  }

  private static @Nullable ConfigFile scaling(ConfigFile config) throws IOException {
    ConfigFile parameters = config.object("rope_parameters");
    ConfigFile scaling = config.object("rope_scaling");
    if (parameters != null
        && scaling != null
        && !String.valueOf(config.find("rope_parameters"))
            .equals(String.valueOf(config.find("rope_scaling")))) {
      throw new IOException(
          "%s has both rope_parameters and rope_scaling, which differ".formatted(config.name()));
    }
    return scaling == null ? parameters : scaling;
  }

  private static void requireWhole(ConfigFile config) throws IOException {
    double part = config.number(1, "partial_rotary_factor");
    if (part != 1) {
      throw new IOException(
          "%s: partial_rotary_factor %s is not supported: heads rotate as a whole"
              .formatted(config.name(), part));
    }
  }

  private static double factor(ConfigFile rope) throws IOException {
    if (rope.find("factor") == null) {
      throw new IOException("%s lacks factor".formatted(rope.name()));
    }
    return rope.positive(1, "factor");
  }

  private static RotaryEmbedding.Llama3 llama3(ConfigFile rope, int outerContext, int context)
      throws IOException {
    int ownContext = rope.count(1, SizeLimits.POSITIONS, context, ORIGINAL_CONTEXT);
    var scaling =
        new RotaryEmbedding.Llama3(
            factor(rope),
            rope.positive(1, "low_freq_factor"),
            rope.positive(4, "high_freq_factor"),
            outerContext > 0 ? outerContext : ownContext);
    if (scaling.highFrequencyFactor() <= scaling.lowFrequencyFactor()) {
      throw new IOException(
          "%s: high_freq_factor %s must be above low_freq_factor %s"
              .formatted(rope.name(), scaling.highFrequencyFactor(), scaling.lowFrequencyFactor()));
    }
    return scaling;
  }
}
