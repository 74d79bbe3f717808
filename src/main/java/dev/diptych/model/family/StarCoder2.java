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
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * StarCoder 2 (arXiv:2402.19173): layer norms before, biases, a feed-forward part without gate, and
 * layers that may have a window.
 */
final class StarCoder2 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("starcoder2", 49_152, 3072, 12_288, 30, 24, 2, 0, 4096);

  @Override
  public Set<String> modelTypes() {
    return Set.of("starcoder2");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Windows windows = Windows.everywhere(config, fields, 0);
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "norm_epsilon"), true);
    boolean biases = config.flag(true, "use_bias");
    Attention attention =
        fields.attention(RopeFields.read(config, fields)).withBiases(biases, biases);
    FeedForward feedForward =
        fields.plain(Activations.read(config, Activation.GELU_TANH, "hidden_act"), biases);
    Head languageModel = new Head.LanguageModel(config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            Layer.of(
                layer,
                attention.withWindow(windows.of(layer)),
                Residual.before(norm),
                feedForward,
                Residual.before(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint)
        .slot("layer.{}.feed_forward.up", "layers.{}.mlp.c_fc")
        .slot("layer.{}.feed_forward.down", "layers.{}.mlp.c_proj")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("starcoder2", "starcoder2")
            .with(
                (keys, config) -> {
                  config.put("norm_epsilon", keys.number("attention.layer_norm_epsilon"));
                  config.put("use_bias", keys.hasTensor("blk.0.attn_q.bias"));
                }));
  }
}
