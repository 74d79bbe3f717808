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
import java.util.Set;

/**
 * Llama 1 to 3 (arXiv:2302.13971): norms before, rotary positions, grouped-query attention, a gated
 * feed-forward part.
 */
final class Llama implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("llama");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.oneOf("hidden_act", "silu", "swish");
    DecoderFields fields = DecoderFields.read(config, 2048);
    boolean biases = config.flag(false, "attention_bias");
    Norm norm = DecoderFields.rootMeanSquare(config);
    Attention attention =
        fields.attention(RopeFields.read(config, fields)).withBiases(biases, biases);
    FeedForward feedForward = fields.gated(Activation.SILU, config.flag(false, "mlp_bias"));
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
    return WeightNames.under("model.", "")
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
        .head("head.output", DecoderHead.names(blueprint.head(), "lm_head"))
        .unused("(score|qa_outputs|classifier)\\..*|.*rotary_emb\\..*");
  }
}
