package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * EXAONE 4 (arXiv:2507.11407): a Llama whose norms come behind each half of a layer, with a norm of
 * each head; where some layers have a window, only those rotate.
 */
final class Exaone4 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("exaone4", 102_400, 4096, 16_384, 32, 32, 32, 0, 2048);

  @Override
  public Set<String> modelTypes() {
    return Set.of("exaone4");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Windows windows = windows(config, fields);
    Norm norm = DecoderFields.rootMeanSquare(config, 1e-5);
    Positions rotary = new Positions.Rotary(RopeFields.read(config, fields));
    Attention attention = fields.attention(rotary).with(new Attention.HeadNorm(norm, true));
    FeedForward feedForward =
        fields.gated(Activations.read(config, Activation.SILU, "hidden_act"), false);
    Head languageModel = new Head.LanguageModel(config.flag(false, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            Layer.of(
                layer,
                attention
                    .with(
                        windows.window() == 0 || windows.isSliding(layer)
                            ? rotary
                            : new Positions.None())
                    .withWindow(windows.of(layer)),
                Residual.after(norm),
                feedForward,
                Residual.after(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  private static Windows windows(ConfigFile config, DecoderFields fields) throws IOException {
    JsonNode pattern = config.find("sliding_window_pattern");
    if (config.isNull("sliding_window")
        || config.isNull("sliding_window_pattern")
        || config.find("layer_types") != null) {
      return Windows.read(config, fields, 4096, _ -> false); // whatever the pattern
    }
    if (pattern != null && pattern.isString()) {
      String kinds = pattern.stringValue();
      if (!kinds.matches("[LG]{1,1024}")) {
        throw new IOException(
            "%s: sliding_window_pattern must be of L and G (got %s)"
                .formatted(config.name(), shortened(kinds)));
      }
      int last = fields.layers() - 1; // sees everything in any case
      return Windows.read(
          config,
          fields,
          4096,
          layer -> layer < last && kinds.charAt(layer % kinds.length()) == 'L');
    }
    int every = config.count(1, Integer.MAX_VALUE, 4, "sliding_window_pattern");
    return Windows.read(config, fields, 4096, layer -> (layer + 1) % every != 0);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return new Olmo2().weights(blueprint);
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("exaone4", "exaone4")
            .with(
                (keys, config) -> {
                  int window = keys.index("attention.sliding_window");
                  config.put("sliding_window", window == 0 ? null : window);
                  if (window > 0) {
                    GgufForm.putLayerTypes(keys, config, 4);
                  }
                }));
  }
}
