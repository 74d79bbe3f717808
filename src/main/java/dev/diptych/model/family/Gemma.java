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
import java.util.Map;
import java.util.Set;

/**
 * Gemma 1 (arXiv:2403.08295): a Llama whose norms have weights around 0, whose embeddings are
 * multiplied, and whose gate is a GELU.
 */
final class Gemma implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("gemma", 256_000, 3072, 24_576, 28, 16, 16, 256, 8192);

  @Override
  public Set<String> modelTypes() {
    return Set.of("gemma");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.require("use_bidirectional_attention", false, "it looks one way only here");
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Norm norm = norm(config);
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        fields.attention(RopeFields.read(config, fields)).withBiases(biases, biases);
    // the first files name the exact GELU beside the one that their weights were made with
    Activation named = Activations.read(config, Activation.GELU_TANH, "hidden_act");
    FeedForward feedForward =
        fields.gated(Activations.read(config, named, "hidden_activation"), false);
    Head languageModel = new Head.LanguageModel(config.flag(true, "tie_word_embeddings"));
    return fields.blueprint(
        embeddings(fields),
        layer ->
            Layer.of(layer, attention, Residual.before(norm), feedForward, Residual.before(norm)),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  /** The norm of all Gemmas. */
  static Norm norm(ConfigFile config) throws IOException {
    return new Norm.RootMeanSquare(config.positive(1e-6, "rms_norm_eps"), true);
  }

  /** The embeddings of all Gemmas. */
  static Embeddings embeddings(DecoderFields fields) {
    return Embeddings.ofTokens(fields.width()).times(Math.sqrt(fields.width()));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(GgufForm.of("gemma", "gemma"));
  }

  /* GGUF files do not tell the scale, but the largest of each release has another one. */
  static void putScale(GgufKeys keys, Map<String, Object> config, int layersOfLargest)
      throws IOException {
    boolean largest = keys.count("block_count") == layersOfLargest;
    config.put(
        "query_pre_attn_scalar",
        largest
            ? keys.count("embedding_length") / keys.count("attention.head_count")
            : keys.headWidth());
  }
}
