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
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** SmolLM 3: a Llama, some of whose layers know nothing of places. */
final class SmolLm3 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("smollm3", 128_256, 2048, 11_008, 36, 16, 4, 0, 32_768);

  @Override
  public Set<String> modelTypes() {
    return Set.of("smollm3");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    List<Boolean> rotating = rotating(config, fields.layers());
    boolean sliding =
        config.flag(false, "use_sliding_window") && config.find("sliding_window") != null;
    Windows windows = Windows.read(config, fields, 0, layer -> sliding && !rotating.get(layer));
    Norm norm = DecoderFields.rootMeanSquare(config, 1e-6);
    boolean biases = config.flag(false, "attention_bias");
    Positions rotary =
        new Positions.Rotary(
            RopeFields.read(config, fields.headWidth(), fields.context(), 2_000_000));
    Attention attention = fields.attention(rotary).withBiases(biases, biases);
    FeedForward feedForward =
        fields.gated(
            Activations.read(config, Activation.SILU, "hidden_act"),
            config.flag(false, "mlp_bias"));
    Head languageModel = new Head.LanguageModel(config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            Layer.of(
                layer,
                attention
                    .with(rotating.get(layer) ? rotary : new Positions.None())
                    .withWindow(windows.of(layer)),
                Residual.before(norm),
                feedForward,
                Residual.before(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  /* Which layers rotate: no_rope_layers says 1 for those that do. */
  private static List<Boolean> rotating(ConfigFile config, int layers) throws IOException {
    int interval = config.count(1, Integer.MAX_VALUE, 4, "no_rope_layer_interval");
    JsonNode flags = config.find("no_rope_layers");
    if (flags == null) {
      return IntStream.range(0, layers).mapToObj(layer -> (layer + 1) % interval != 0).toList();
    }
    if (!flags.isArray()
        || flags.size() < layers
        || !flags.valueStream().allMatch(flag -> flag.isIntegralNumber() || flag.isBoolean())) {
      throw new IOException(
          "%s: no_rope_layers must have a 0 or 1 for each of %d layers (got %s)"
              .formatted(config.name(), layers, shortened(flags)));
    }
    return flags.valueStream().limit(layers).map(flag -> flag.asInt() != 0).toList();
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("smollm3", "smollm3")
            .withNames(GgufNames::interleaved)
            .with(GgufForm.BIASES)
            .with((_, config) -> config.put("no_rope_layer_interval", 4)));
  }
}
