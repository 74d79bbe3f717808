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
 * Phi 1 and 2 (arXiv:2306.11644): attention and feed-forward part side by side behind one norm,
 * with biases everywhere, and heads that rotate in part.
 */
final class Phi implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("phi", 51_200, 2048, 8192, 24, 32, 0, 0, 2048);

  @Override
  public Set<String> modelTypes() {
    return Set.of("phi");
  }

  @Override
  public boolean knowsOwnCode() {
    return true;
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "layer_norm_eps"), true);
    Attention attention =
        fields
            .attention(RopeFields.partial(config, fields, 10_000, 0.5))
            .withBiases(true, true)
            .with(config.flag(false, "qk_layernorm") ? new Attention.HeadNorm(norm, true) : null);
    FeedForward feedForward =
        fields.plain(Activations.read(config, Activation.GELU_TANH, "hidden_act"), true);
    Head languageModel =
        new Head.LanguageModel(config.flag(false, "tie_word_embeddings"), true, 1, 0);
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            new Layer(layer, attention, Residual.before(norm), feedForward, Residual.plain(), true),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint)
        .slot("layer.{}.attention.query_norm", "layers.{}.self_attn.q_layernorm")
        .slot("layer.{}.attention.key_norm", "layers.{}.self_attn.k_layernorm")
        .slot("layer.{}.attention.output", "layers.{}.self_attn.dense")
        .slot("layer.{}.feed_forward.up", "layers.{}.mlp.fc1")
        .slot("layer.{}.feed_forward.down", "layers.{}.mlp.fc2")
        .slot("norm", "final_layernorm")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("phi2", "phi")
            .with(
                (keys, config) -> {
                  config.put("layer_norm_eps", keys.number("attention.layer_norm_epsilon"));
                  config.putIfAbsent("partial_rotary_factor", 1.0);
                }));
  }
}
