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
 * Llama 1 to 3 (arXiv:2302.13971): norms before, rotary positions, grouped-query attention, a gated
 * feed-forward part.
 */
final class Llama implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("llama", 32_000, 4096, 11_008, 32, 32, 0, 0, 2048);

  @Override
  public Set<String> modelTypes() {
    return Set.of("llama");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Norm norm = DecoderFields.rootMeanSquare(config, 1e-6);
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        fields.attention(RopeFields.read(config, fields)).withBiases(biases, biases);
    FeedForward feedForward =
        fields.gated(
            Activations.read(config, Activation.SILU, "hidden_act"),
            config.flag(false, "mlp_bias"));
    Head languageModel = new Head.LanguageModel(config.flag(false, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            Layer.of(layer, attention, Residual.before(norm), feedForward, Residual.before(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return names(blueprint).build();
  }

  /** Names that most families since have kept. */
  static WeightNames.Builder names(Blueprint blueprint) {
    // the third was that of readers, the others are those of models of texts and images
    return WeightNames.under(
            "model.", "", "transformer.", "language_model.model.", "model.language_model.")
        .slot("embedding.tokens", "embed_tokens")
        .slot("layer.{}.attention.norm_before", "layers.{}.input_layernorm")
        .slot("layer.{}.attention.query", "layers.{}.self_attn.q_proj")
        .slot("layer.{}.attention.key", "layers.{}.self_attn.k_proj")
        .slot("layer.{}.attention.value", "layers.{}.self_attn.v_proj")
        .slot("layer.{}.attention.query_norm", "layers.{}.self_attn.q_norm")
        .slot("layer.{}.attention.key_norm", "layers.{}.self_attn.k_norm")
        .slot("layer.{}.attention.output", "layers.{}.self_attn.o_proj")
        .slot("layer.{}.feed_forward.norm_before", "layers.{}.post_attention_layernorm")
        .slot("layer.{}.feed_forward.gate", "layers.{}.mlp.gate_proj")
        .slot("layer.{}.feed_forward.up", "layers.{}.mlp.up_proj")
        .slot("layer.{}.feed_forward.down", "layers.{}.mlp.down_proj")
        .slot("norm", "norm")
        .head(
            "head.output", DecoderHead.names(blueprint.head(), "lm_head", "language_model.lm_head"))
        .unused(
            "(score|qa_outputs|classifier|(model\\.)?(vision_tower|multi_modal_projector))\\..*"
                + "|.*rotary_emb\\..*");
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("llama", "llama")
            .withNames(GgufNames::interleaved)
            .with(GgufForm.BIASES)
            .with(
                (keys, config) -> {
                  int window = keys.index("attention.sliding_window");
                  if (window > 0) {
                    config.put("model_type", "mistral");
                    config.put("sliding_window", window);
                  }
                }));
  }
}
