package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads rotary positions: {@code rope_parameters}, or {@code rope_scaling} and {@code rope_theta}
 * as older files have it.
 *
 * @param rope the object with them; null if there is none
 * @param headWidth of which a part may rotate
 * @param context most positions
 * @param original most positions before stretching, where it stands beside the object; 0 if not
 * @param theta where the object does not say
 * @param part of a head that rotates, where the object does not say
 * @param mayRotateInPart whether the family knows such a part; else only 1 is right
 */
record RopeFields(
    @Nullable ConfigFile rope,
    int headWidth,
    int context,
    int original,
    double theta,
    double part,
    boolean mayRotateInPart) {

  static final String ORIGINAL_CONTEXT = "original_max_position_embeddings";
  private static final String PART = "partial_rotary_factor";
  private static final String FULL = "full_attention";
  private static final double USUAL_THETA = 10_000;

  /** The rotation of all layers of a decoder, whose whole heads rotate. */
  static RotaryEmbedding read(ConfigFile config, DecoderFields fields) throws IOException {
    return read(config, fields.headWidth(), fields.context(), USUAL_THETA);
  }

  /**
   * The rotation of all layers, whose whole heads rotate.
   *
   * @param usualTheta where config.json does not say
   */
  static RotaryEmbedding read(ConfigFile config, int headWidth, int context, double usualTheta)
      throws IOException {
    return of(config, headWidth, context, usualTheta, 1, false).rotary(Set.of());
  }

  /**
   * The rotation of all layers of a decoder, whose heads may rotate in part.
   *
   * @param usualPart where config.json does not say
   */
  static RotaryEmbedding partial(
      ConfigFile config, DecoderFields fields, double usualTheta, double usualPart)
      throws IOException {
    return of(config, fields.headWidth(), fields.context(), usualTheta, usualPart, true)
        .rotary(Set.of());
  }

  /**
   * The rotation of layers of one type, where {@code rope_parameters} has an object for each. The
   * older {@code rope_scaling} is about layers with full attention.
   *
   * @param layerType such as {@code sliding_attention}
   * @param usualTheta where the object does not say
   */
  static RotaryEmbedding ofType(
      ConfigFile config, String layerType, int headWidth, int context, double usualTheta)
      throws IOException {
    ConfigFile all = config.object("rope_parameters");
    ConfigFile rope = all == null ? null : all.object(layerType);
    if (all != null) {
      refuseOthers(all, Set.of(FULL, "sliding_attention"));
    }
    if (layerType.equals(FULL)) {
      rope = oneOf(config, rope, config.object("rope_scaling"));
    }
    return new RopeFields(rope, headWidth, context, 0, usualTheta, 1, false).rotary(Set.of());
  }

  /** The fields of all layers of a family. */
  static RopeFields of(
      ConfigFile config,
      int headWidth,
      int context,
      double usualTheta,
      double usualPart,
      boolean mayRotateInPart)
      throws IOException {
    return new RopeFields(
        oneOf(config, config.object("rope_parameters"), config.object("rope_scaling")),
        headWidth,
        context,
        config.count(1, SizeLimits.POSITIONS, 0, ORIGINAL_CONTEXT),
        config.positive(usualTheta, "rope_theta"),
        config.number(usualPart, PART),
        mayRotateInPart);
  }

  /**
   * The same with other most positions before stretching, where nothing stands beside the object.
   */
  RopeFields orOriginal(int usual) {
    return original > 0
        ? this
        : new RopeFields(rope, headWidth, context, usual, theta, part, mayRotateInPart);
  }

  /**
   * The rotation that they say.
   *
   * @param ofFamily what else the object may hold
   */
  RotaryEmbedding rotary(Set<String> ofFamily) throws IOException {
    if (rope == null) {
      return new RotaryEmbedding(width("config.json", part), theta, null);
    }
    double ownTheta = rope.positive(theta, "rope_theta");
    int width = width(rope.name(), rope.number(part, PART));
    RotaryEmbedding.@Nullable Scaling scaling =
        new RopeScaling(rope, width, context, originalContext(), ownTheta).read();
    refuseOthers(rope, ofFamily);
    return new RotaryEmbedding(width, ownTheta, scaling);
  }

  /** Most positions before stretching; what stands beside the object goes first. */
  int originalContext() throws IOException {
    int own =
        rope == null ? context : rope.count(1, SizeLimits.POSITIONS, context, ORIGINAL_CONTEXT);
    return original > 0 ? original : own;
  }

  private int width(String name, double ownPart) throws IOException {
    int width = (int) (headWidth * ownPart);
    if (!(ownPart > 0 && ownPart <= 1) || width < 2 || width % 2 != 0) {
      throw new IOException(
          "%s: %s %s of head_dim %d is not an even number of channels"
              .formatted(name, PART, ownPart, headWidth));
    }
    if (width != headWidth && !mayRotateInPart) {
      throw new IOException(
          "%s: %s %s: heads of this model_type rotate as a whole".formatted(name, PART, ownPart));
    }
    return width;
  }

  private static @Nullable ConfigFile oneOf(
      ConfigFile config, @Nullable ConfigFile parameters, @Nullable ConfigFile scaling)
      throws IOException {
    if (parameters != null && scaling != null && !parameters.sameAs(scaling)) {
      throw new IOException(
          "%s has both rope_parameters and rope_scaling, which differ".formatted(config.name()));
    }
    return scaling == null ? parameters : scaling;
  }

  /* What belongs to another way to stretch would be forgotten in silence. */
  private static void refuseOthers(ConfigFile rope, Set<String> known) throws IOException {
    Set<String> others = rope.unknown(known);
    if (!others.isEmpty()) {
      throw new IOException(
          "%s: %s is not supported here".formatted(rope.name(), others.iterator().next()));
    }
  }
}
