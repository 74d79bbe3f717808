package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rotary positions: {@code rope_parameters}, or {@code rope_scaling} and {@code rope_theta}
 * as older files have it.
 */
final class RopeFields {

  private static final double USUAL_THETA = 10_000;
  private static final String ORIGINAL_CONTEXT = "original_max_position_embeddings";
  private static final String PART = "partial_rotary_factor";

  private RopeFields() {}

  /** The rotation of all layers of a decoder. */
  static RotaryEmbedding read(ConfigFile config, DecoderFields fields) throws IOException {
    return read(config, fields.headWidth(), fields.context(), USUAL_THETA);
  }

  /**
   * The rotation of all layers.
   *
   * @param headWidth of which a part may rotate
   * @param context most positions
   * @param usualTheta where config.json does not say
   */
  static RotaryEmbedding read(ConfigFile config, int headWidth, int context, double usualTheta)
      throws IOException {
    ConfigFile rope = parameters(config);
    double theta = config.positive(usualTheta, "rope_theta");
    double part = config.number(1, PART);
    int original = config.count(1, SizeLimits.POSITIONS, context, ORIGINAL_CONTEXT); // goes first
    if (rope == null) {
      return new RotaryEmbedding(width(config, headWidth, part), theta, null);
    }
    boolean outer = config.find(ORIGINAL_CONTEXT) != null;
    return read(rope, headWidth, outer ? original : 0, original, theta, part);
  }

  /**
   * The rotation of layers of one type, where {@code rope_parameters} has an object for each.
   *
   * @param layerType such as {@code sliding_attention}
   * @param usualTheta where config.json does not say
   */
  static RotaryEmbedding ofType(
      ConfigFile config, String layerType, int headWidth, int context, double usualTheta)
      throws IOException {
    ConfigFile all = config.object("rope_parameters");
    ConfigFile rope = all == null ? null : all.object(layerType);
    if (rope == null) {
      return new RotaryEmbedding(width(config, headWidth, 1), usualTheta, null);
    }
    return read(rope, headWidth, 0, context, usualTheta, 1);
  }

  private static RotaryEmbedding read(
      ConfigFile rope,
      int headWidth,
      int outerOriginal,
      int context,
      double usualTheta,
      double usualPart)
      throws IOException {
    double theta = rope.positive(usualTheta, "rope_theta");
    double part = rope.number(usualPart, PART);
    String newType = rope.text("", "rope_type");
    String oldType = rope.text("default", "type");
    String type = newType.isEmpty() ? oldType : newType;
    RotaryEmbedding.@Nullable Scaling scaling =
        switch (type) {
          case "default" -> null;
          case "linear" -> new RotaryEmbedding.Linear(factor(rope));
          case "llama3" -> llama3(rope, outerOriginal, context);
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
    return new RotaryEmbedding(width(rope, headWidth, part), theta, scaling);
  }

  private static @Nullable ConfigFile parameters(ConfigFile config) throws IOException {
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

  private static int width(ConfigFile config, int headWidth, double part) throws IOException {
    int width = (int) (headWidth * part);
    if (!(part > 0 && part <= 1) || width < 2 || width % 2 != 0) {
      throw new IOException(
          "%s: %s %s of a head of %d channels is not an even number of them"
              .formatted(config.name(), PART, part, headWidth));
    }
    return width;
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
