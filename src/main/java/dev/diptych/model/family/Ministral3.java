package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.RotaryEmbedding;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ministral 3: a Mistral with YaRN, whose queries grow with their place. */
final class Ministral3 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("ministral3", 131_072, 4096, 14_336, 34, 32, 8, 128, 262_144);
  private static final String GROWTH = "llama_4_scaling_beta";
  private static final double USUAL_THETA = 1e6;
  private static final int USUAL_ORIGINAL_CONTEXT = 16_384;

  @Override
  public Set<String> modelTypes() {
    return Set.of("ministral3");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    return Mistral.blueprint(
        config,
        head,
        fields,
        Windows.everywhere(config, fields, 0),
        positions(config, fields),
        1e-5);
  }

  private static Positions positions(ConfigFile config, DecoderFields fields) throws IOException {
    RopeFields rope = RopeFields.of(config, fields.headWidth(), fields.context(), 10_000, 1, false);
    if (rope.rope() == null) {
      var yarn = new RotaryEmbedding.Yarn(16, 1, 32, 1, USUAL_ORIGINAL_CONTEXT, true);
      return new Positions.Rotary(
          new RotaryEmbedding(fields.headWidth(), USUAL_THETA, yarn),
          new Positions.QueryGrowth(0.1, USUAL_ORIGINAL_CONTEXT));
    }
    if (rope.rope().find(GROWTH) == null) {
      throw new IOException("%s lacks %s".formatted(rope.rope().name(), GROWTH));
    }
    double growth = rope.rope().number(0, GROWTH);
    return new Positions.Rotary(
        rope.rotary(Set.of("max_position_embeddings")),
        growth == 0 ? null : new Positions.QueryGrowth(growth, rope.originalContext()));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("mistral3", "ministral3")
            .withNames(GgufNames::interleaved)
            .with(
                (keys, config) -> {
                  if (!(config.get("rope_scaling") instanceof Map<?, ?> yarn)) {
                    throw keys.invalid("a Ministral without YaRN is not supported");
                  }
                  Map<Object, Object> rope = new LinkedHashMap<>(yarn);
                  double multiplier = keys.number("rope.scaling.yarn_log_multiplier", 1);
                  rope.put("mscale", multiplier);
                  rope.put("mscale_all_dim", multiplier);
                  rope.put(GROWTH, keys.number("attention.temperature_scale", 0));
                  config.put("rope_scaling", rope);
                  config.put("sliding_window", null);
                }));
  }
}
