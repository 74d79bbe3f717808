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
 * Qwen 2 and 2.5 (arXiv:2407.10671): a Llama whose queries, keys and values have biases, some of
 * whose layers may look back through a window only.
 */
final class Qwen2 implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("qwen2", 151_936, 4096, 22_016, 32, 32, 32, 0, 32_768);

  @Override
  public Set<String> modelTypes() {
    return Set.of("qwen2");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Attention attention = fields.attention(RopeFields.read(config, fields)).withBiases(true, false);
    return blueprint(config, head, fields, attention, DecoderFields.rootMeanSquare(config, 1e-6));
  }

  /** A Qwen with attention of its own. */
  static Blueprint blueprint(
      ConfigFile config, HeadKind head, DecoderFields fields, Attention attention, Norm norm)
      throws IOException {
    Windows windows = Windows.qwen(config, fields);
    FeedForward feedForward =
        fields.gated(Activations.read(config, Activation.SILU, "hidden_act"), false);
    Head languageModel = new Head.LanguageModel(config.flag(false, "tie_word_embeddings"));
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
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(GgufForm.of("qwen2", "qwen2"));
  }
}
