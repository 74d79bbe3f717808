package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.FeedForward;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Gemma 2 (arXiv:2408.00118): a Gemma with norms on both sides, softcaps, and every other layer
 * with a window.
 */
final class Gemma2 implements Family {

  private static final int LAYERS_OF_27B = 46;
  private static final DecoderFields USUAL =
      new DecoderFields("gemma2", 256_000, 2304, 9216, 26, 8, 4, 256, 8192);

  @Override
  public Set<String> modelTypes() {
    return Set.of("gemma2");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.require("use_bidirectional_attention", false, "it looks one way only here");
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Windows windows = Windows.read(config, fields, 4096, layer -> layer % 2 == 0);
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        fields
            .attention(RopeFields.read(config, fields))
            .withBiases(biases, biases)
            .withScale(scale(config))
            .withSoftcap(attentionSoftcap(config));
    return blueprint(
        config,
        head,
        fields,
        layer -> attention.withWindow(windows.of(layer)),
        softcap(config, 30, "final_logit_softcapping"));
  }

  /**
   * A Gemma with norms on both sides.
   *
   * @param attention of each layer
   * @param softcap of the logits
   */
  static Blueprint blueprint(
      ConfigFile config,
      HeadKind head,
      DecoderFields fields,
      IntFunction<Attention> attention,
      double softcap)
      throws IOException {
    config.find("hidden_act"); // which only Gemma 1 means
    Norm norm = Gemma.norm(config);
    FeedForward feedForward =
        fields.gated(Activations.read(config, Activation.GELU_TANH, "hidden_activation"), false);
    Head languageModel =
        new Head.LanguageModel(config.flag(true, "tie_word_embeddings"), false, 1, softcap);
    return fields.blueprint(
        Gemma.embeddings(fields),
        layer ->
            Layer.of(
                layer,
                attention.apply(layer),
                Residual.around(norm, norm),
                feedForward,
                Residual.around(norm, norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  /** The scale that {@code query_pre_attn_scalar} gives. */
  static double scale(ConfigFile config) throws IOException {
    return 1 / Math.sqrt(config.positive(256, "query_pre_attn_scalar"));
  }

  /*
   * transformers computes with PyTorch's own attention, which has no softcap, unless config.json
   * names another.
   */
  private static double attentionSoftcap(ConfigFile config) throws IOException {
    double softcap = softcap(config, 50, "attn_logit_softcapping");
    String implementation = config.text("sdpa", "attn_implementation", "_attn_implementation");
    return implementation.equals("sdpa") ? 0 : softcap;
  }

  /** A softcap; 0 where config.json says null. */
  static double softcap(ConfigFile config, double usual, String field) throws IOException {
    return config.isNull(field) || (usual == 0 && config.find(field) == null)
        ? 0
        : config.positive(usual, field);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint)
        .slot("layer.{}.attention.norm_after", "layers.{}.post_attention_layernorm")
        .slot("layer.{}.feed_forward.norm_before", "layers.{}.pre_feedforward_layernorm")
        .slot("layer.{}.feed_forward.norm_after", "layers.{}.post_feedforward_layernorm")
        .build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("gemma2", "gemma2")
            .with(
                (keys, config) -> {
                  config.put("sliding_window", keys.count("attention.sliding_window", 4096));
                  config.put("attn_logit_softcapping", keys.number("attn_logit_softcapping", 50));
                  config.put("final_logit_softcapping", keys.number("final_logit_softcapping", 30));
                  Gemma.putScale(keys, config, LAYERS_OF_27B);
                }));
  }
}
