package dev.diptych.model.family;

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
import java.util.function.IntFunction;

/**
 * OLMo 2 (arXiv:2501.00656): a Llama whose norms come behind each half of a layer, with norms of
 * all queries and all keys.
 */
final class Olmo2 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("olmo2", 50_304, 4096, 11_008, 32, 32, 0, 0, 2048);

  @Override
  public Set<String> modelTypes() {
    return Set.of("olmo2");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Positions rotary = new Positions.Rotary(RopeFields.read(config, fields));
    return blueprint(config, head, fields, Windows.none(fields), _ -> rotary);
  }

  /** An OLMo with windows and positions of its own. */
  static Blueprint blueprint(
      ConfigFile config,
      HeadKind head,
      DecoderFields fields,
      Windows windows,
      IntFunction<Positions> positions)
      throws IOException {
    Norm norm = DecoderFields.rootMeanSquare(config, 1e-5);
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        fields
            .attention(new Positions.None())
            .withBiases(biases, biases)
            .with(new Attention.HeadNorm(norm, false));
    FeedForward feedForward =
        fields.gated(Activations.read(config, Activation.SILU, "hidden_act"), false);
    Head languageModel = new Head.LanguageModel(config.flag(false, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            Layer.of(
                layer,
                attention.with(positions.apply(layer)).withWindow(windows.of(layer)),
                Residual.after(norm),
                feedForward,
                Residual.after(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint)
        .slot("layer.{}.attention.norm_after", "layers.{}.post_attention_layernorm")
        .slot("layer.{}.feed_forward.norm_after", "layers.{}.post_feedforward_layernorm")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("olmo2", "olmo2")
            .with(GgufForm.BIASES)
            .with(
                (keys, config) -> {
                  int window = keys.index("attention.sliding_window");
                  if (window > 0) {
                    config.put("model_type", "olmo3");
                    config.put("sliding_window", window);
                    GgufForm.putLayerTypes(keys, config, 4);
                    GgufRope.putOfLayerTypes(keys, config, keys.number("rope.freq_base", 10_000));
                  }
                }));
  }
}
