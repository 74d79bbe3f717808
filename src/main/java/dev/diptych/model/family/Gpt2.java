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
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * GPT-2: learned positions, layer norms before, weights that are stored {@code [inputs, outputs]}.
 */
final class Gpt2 implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("gpt2");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.require("scale_attn_weights", true, "attention without its scale is not supported");
    config.require(
        "scale_attn_by_inverse_layer_idx", false, "a scale for each layer is not supported");
    int width = config.count(1, SizeLimits.WIDTH, 768, "n_embd", "hidden_size");
    int heads = config.count(1, SizeLimits.WIDTH, 12, "n_head", "num_attention_heads");
    SizeLimits.divisible("n_embd", width, "n_head", heads);
    int positions =
        config.count(
            1, SizeLimits.LEARNED_POSITIONS, 1024, "n_positions", "max_position_embeddings");
    DecoderFields fields =
        new DecoderFields(
            config.text("", "model_type"),
            config.count(1, SizeLimits.VOCABULARY, 50257, "vocab_size"),
            width,
            config.count(1, SizeLimits.WIDTH, Math.multiplyExact(4, width), "n_inner"),
            config.count(1, SizeLimits.LAYERS, 12, "n_layer", "num_hidden_layers"),
            heads,
            heads,
            width / heads,
            positions);
    Norm norm = new Norm.LayerNorm(config.positive(1e-5, "layer_norm_epsilon"), true);
    Attention attention =
        Attention.of(heads, heads, width / heads, new Positions.None(), true)
            .withBiases(true, true);
    FeedForward feedForward =
        fields.plain(Activations.read(config, Activation.GELU_TANH, "activation_function"), true);
    Head languageModel = new Head.LanguageModel(config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        new Embeddings(width, positions, 0, 0, new Norm.None(), 1),
        layer ->
            Layer.of(layer, attention, Residual.before(norm), feedForward, Residual.before(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    long width = blueprint.width();
    String attention = "h.{}.attn.c_attn";
    return WeightNames.under("transformer.", "")
        .slot("embedding.tokens", "wte")
        .slot("embedding.positions", "wpe")
        .slot("layer.{}.attention.norm_before", "h.{}.ln_1")
        .part(
            "layer.{}.attention.query", attention, new Part.TransposedColumns(0, width, 3 * width))
        .part(
            "layer.{}.attention.key",
            attention,
            new Part.TransposedColumns(width, width, 3 * width))
        .part(
            "layer.{}.attention.value",
            attention,
            new Part.TransposedColumns(2 * width, width, 3 * width))
        .part("layer.{}.attention.output", "h.{}.attn.c_proj", new Part.Transposed())
        .slot("layer.{}.feed_forward.norm_before", "h.{}.ln_2")
        .part("layer.{}.feed_forward.up", "h.{}.mlp.c_fc", new Part.Transposed())
        .part("layer.{}.feed_forward.down", "h.{}.mlp.c_proj", new Part.Transposed())
        .slot("norm", "ln_f")
        .head("head.output", DecoderHead.names(blueprint.head(), "lm_head"))
        .unused(
            "(score|qa_outputs|classifier|multiple_choice_head)\\..*"
                + "|.*\\.attn\\.(bias|masked_bias)")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("gpt2", "gpt2")
            .with(
                (keys, config) -> {
                  config.put("n_inner", config.remove("intermediate_size"));
                  config.put("layer_norm_epsilon", keys.number("attention.layer_norm_epsilon"));
                  config
                      .keySet()
                      .removeAll(Set.of("rope_theta", "num_key_value_heads", "head_dim"));
                }));
  }
}
