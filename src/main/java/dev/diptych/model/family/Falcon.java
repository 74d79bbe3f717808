package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Falcon (arXiv:2311.16867): attention and feed-forward part side by side behind one norm or one
 * each, or one behind the other, with queries, keys and values stored together.
 */
final class Falcon implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("falcon");
  }

  @Override
  public boolean knowsOwnCode() {
    return true;
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.require("alibi", false, "attention with linear biases is not supported");
    config.require(
        "apply_residual_connection_post_layernorm", false, "such layers are not supported");
    DecoderFields fields = fields(config);
    boolean biases = config.flag(false, "bias");
    Attention attention =
        fields.attention(RopeFields.read(config, fields)).withBiases(biases, biases);
    FeedForward feedForward =
        fields.plain(Activations.read(config, Activation.GELU, "activation"), biases);
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "layer_norm_epsilon"), true);
    boolean grouped = config.flag(false, "new_decoder_architecture");
    boolean parallel = config.flag(true, "parallel_attn");
    int norms = config.count(1, 2, grouped ? 2 : 1, "num_ln_in_parallel_attn");
    if (grouped && !parallel) {
      throw new IOException(
          "config.json: parallel_attn is false, which new_decoder_architecture does not have");
    }
    if (parallel && !grouped && norms == 2) {
      throw new IOException(
          "config.json: num_ln_in_parallel_attn is 2, which needs new_decoder_architecture");
    }
    Residual around = parallel && norms == 1 ? Residual.plain() : Residual.before(norm);
    Head languageModel = new Head.LanguageModel(config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer -> new Layer(layer, attention, Residual.before(norm), feedForward, around, parallel),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  private static DecoderFields fields(ConfigFile config) throws IOException {
    int width = config.count(1, SizeLimits.WIDTH, 4544, "hidden_size", "n_embed");
    int heads = config.count(1, SizeLimits.WIDTH, 71, "num_attention_heads");
    int keyValueHeads = config.count(1, heads, heads, "num_kv_heads");
    if (!config.flag(false, "new_decoder_architecture")) {
      keyValueHeads =
          config.flag(true, "multi_query") ? 1 : config.count(heads, heads, heads, "num_kv_heads");
    } else {
      config.flag(true, "multi_query"); // which it does not mean
    }
    SizeLimits.divisible("hidden_size", width, "num_attention_heads", heads);
    return new DecoderFields(
        "falcon",
        config.count(1, SizeLimits.VOCABULARY, 65_024, "vocab_size"),
        width,
        config.count(1, SizeLimits.WIDTH, Math.multiplyExact(4, width), "ffn_hidden_size"),
        config.count(1, SizeLimits.LAYERS, 32, "num_hidden_layers"),
        heads,
        keyValueHeads,
        width / heads,
        config.count(1, SizeLimits.POSITIONS, 2048, "max_position_embeddings"));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    Attention attention = blueprint.layers().getFirst().attention();
    return FusedHeads.slots(
            WeightNames.under("transformer.", ""), attention, "h.{}.self_attention.query_key_value")
        .slot("embedding.tokens", "word_embeddings")
        .slot("layer.{}.attention.norm_before", "h.{}.input_layernorm", "h.{}.ln_attn")
        .slot("layer.{}.attention.output", "h.{}.self_attention.dense")
        .slot("layer.{}.feed_forward.norm_before", "h.{}.post_attention_layernorm", "h.{}.ln_mlp")
        .slot("layer.{}.feed_forward.up", "h.{}.mlp.dense_h_to_4h")
        .slot("layer.{}.feed_forward.down", "h.{}.mlp.dense_4h_to_h")
        .slot("norm", "ln_f")
        .head("head.output", DecoderHead.names(blueprint.head(), "lm_head"))
        .unused("(score|classifier|qa_outputs)\\..*|.*rotary_emb\\..*")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("falcon", "falcon").withNames(Falcon::ggufNames).with(Falcon::putFields));
  }

  private static void putFields(GgufKeys keys, Map<String, Object> config) throws IOException {
    keys.text("tensor_data_layout", ""); // which is the same for all files there are
    Object keyValueHeads = config.remove("num_key_value_heads");
    boolean twoNorms = keys.hasTensor("blk.0.attn_norm_2.weight");
    boolean one = Objects.equals(keyValueHeads, 1);
    config.put("num_kv_heads", keyValueHeads);
    config.put("multi_query", one);
    config.put(
        "new_decoder_architecture",
        twoNorms || (!one && !Objects.equals(keyValueHeads, config.get("num_attention_heads"))));
    config.put("num_ln_in_parallel_attn", twoNorms ? 2 : 1);
    config.put("ffn_hidden_size", config.remove("intermediate_size"));
    config.put("layer_norm_epsilon", keys.number("attention.layer_norm_epsilon"));
  }

  private static WeightNames.Builder ggufNames(Blueprint blueprint) {
    boolean twoNorms = !blueprint.layers().getFirst().aroundFeedForward().equals(Residual.plain());
    return twoNorms
        ? GgufNames.of(blueprint)
            .slot("layer.{}.attention.norm_before", "blk.{}.attn_norm_2")
            .slot("layer.{}.feed_forward.norm_before", "blk.{}.attn_norm")
        : GgufNames.of(blueprint);
  }
}
