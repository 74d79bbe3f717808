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
 * GPT-NeoX (arXiv:2204.06745) and Pythia: attention and feed-forward part side by side, each behind
 * its norm, with biases, and heads that rotate in part.
 */
final class GptNeoX implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("gpt_neox", 50_432, 6144, 24_576, 44, 64, 0, 0, 2048);

  @Override
  public Set<String> modelTypes() {
    return Set.of("gpt_neox");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.flag(false, "is_decoder"); // which it always is
    DecoderFields fields = DecoderFields.read(config, USUAL).withHeadsOfTheirShare(config);
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "layer_norm_eps"), true);
    double theta = config.positive(10_000, "rotary_emb_base");
    double part = config.number(0.25, "rotary_pct");
    boolean biases = config.flag(true, "attention_bias");
    Attention attention =
        fields
            .attention(RopeFields.partial(config, fields, theta, part))
            .withBiases(biases, biases);
    FeedForward feedForward =
        fields.plain(Activations.read(config, Activation.GELU, "hidden_act"), true);
    boolean parallel = config.flag(true, "use_parallel_residual");
    Head languageModel = new Head.LanguageModel(config.flag(false, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            new Layer(
                layer,
                attention,
                Residual.before(norm),
                feedForward,
                Residual.before(norm),
                parallel),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    Attention attention = blueprint.layers().getFirst().attention();
    return FusedHeads.slots(
            WeightNames.under("gpt_neox.", ""), attention, "layers.{}.attention.query_key_value")
        .slot("embedding.tokens", "embed_in")
        .slot("layer.{}.attention.norm_before", "layers.{}.input_layernorm")
        .slot("layer.{}.attention.output", "layers.{}.attention.dense")
        .slot("layer.{}.feed_forward.norm_before", "layers.{}.post_attention_layernorm")
        .slot("layer.{}.feed_forward.up", "layers.{}.mlp.dense_h_to_4h")
        .slot("layer.{}.feed_forward.down", "layers.{}.mlp.dense_4h_to_h")
        .slot("norm", "final_layer_norm")
        .head("head.output", DecoderHead.names(blueprint.head(), "embed_out", "lm_head"))
        .unused(
            "(score|classifier|qa_outputs)\\..*"
                + "|.*attention\\.(bias|masked_bias)|.*rotary_emb\\..*")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("gptneox", "gpt_neox")
            .with(
                (keys, config) -> {
                  config.put("layer_norm_eps", keys.number("attention.layer_norm_epsilon"));
                  config.put("use_parallel_residual", keys.flag("use_parallel_residual", true));
                  config.put("attention_bias", keys.hasTensor("blk.0.attn_qkv.bias"));
                  Object part = config.remove("partial_rotary_factor");
                  config.put("rotary_pct", part == null ? 1.0 : part);
                }));
  }
}
