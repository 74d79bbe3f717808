package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gemma 3 (arXiv:2503.19786), for texts: a Gemma 2 with a norm of each head instead of softcaps,
 * and five layers with a window and slow rotations to one without. EmbeddingGemma looks both ways.
 */
final class Gemma3 implements Family {

  private static final int LAYERS_OF_27B = 62;
  private static final DecoderFields USUAL =
      new DecoderFields("gemma3_text", 262_208, 2304, 9216, 26, 8, 4, 256, 131_072);

  @Override
  public Set<String> modelTypes() {
    return Set.of("gemma3_text");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.refuse("attn_logit_softcapping", "Gemma 3 has none");
    DecoderFields fields = DecoderFields.read(config, USUAL);
    config.find("_sliding_window_pattern"); // which the class writes and does not read
    int pattern = config.count(1, Integer.MAX_VALUE, 6, "sliding_window_pattern");
    Windows stated = Windows.read(config, fields, 4096, layer -> (layer + 1) % pattern != 0);
    boolean bothWays = config.flag(false, "use_bidirectional_attention");
    // half of it lies on either side
    Windows windows = bothWays ? stated.with(stated.window() / 2 + 1) : stated;
    Positions near = positions(config, fields, "sliding_attention", 1e4, "rope_local_base_freq");
    Positions far = positions(config, fields, "full_attention", 1e6, "rope_theta");
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        Attention.of(fields.heads(), fields.keyValueHeads(), fields.headWidth(), far, !bothWays)
            .withBiases(biases, biases)
            .with(new Attention.HeadNorm(Gemma.norm(config), true))
            .withScale(Gemma2.scale(config));
    return Gemma2.blueprint(
        config,
        head,
        fields,
        layer ->
            attention.with(windows.isSliding(layer) ? near : far).withWindow(windows.of(layer)),
        Gemma2.softcap(config, 0, "final_logit_softcapping"));
  }

  private static Positions positions(
      ConfigFile config, DecoderFields fields, String layerType, double usualTheta, String theta)
      throws IOException {
    return new Positions.Rotary(
        RopeFields.ofType(
            config,
            layerType,
            fields.headWidth(),
            fields.context(),
            config.positive(usualTheta, theta)));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return new Gemma2().weights(blueprint);
  }

  @Override
  public List<GgufForm> gguf() {
    GgufForm decoder = GgufForm.of("gemma3", "gemma3_text").with(Gemma3::putFields);
    return List.of(
        decoder,
        decoder
            .ofArchitecture("gemma-embedding")
            .with((_, config) -> config.put("use_bidirectional_attention", true)));
  }

  private static void putFields(GgufKeys keys, Map<String, Object> config) throws IOException {
    int window = keys.index("attention.sliding_window");
    if (window > 0) {
      config.put("sliding_window", window);
      GgufForm.putLayerTypes(keys, config, 6);
    } else {
      config.put("sliding_window_pattern", 1); // every layer looks everywhere
    }
    GgufRope.putOfLayerTypes(keys, config, 10_000);
    if (keys.has("final_logit_softcapping")) {
      config.put("final_logit_softcapping", keys.number("final_logit_softcapping"));
    }
    Gemma.putScale(keys, config, LAYERS_OF_27B);
  }
}
