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
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.Set;

/**
 * Mistral (arXiv:2310.06825) and Ministral 8B: a Llama whose layers look back through a window, all
 * of them or some.
 */
final class Mistral implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("mistral", 32_000, 4096, 14_336, 32, 32, 8, 0, 131_072);
  private static final int USUAL_WINDOW = 4096;

  @Override
  public Set<String> modelTypes() {
    return Set.of("mistral", "ministral");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Windows everywhere = Windows.everywhere(config, fields, USUAL_WINDOW);
    Windows windows =
        fields.family().equals("ministral")
            ? Windows.read(config, fields, USUAL_WINDOW, everywhere::isSliding)
            : everywhere;
    return blueprint(
        config, head, fields, windows, new Positions.Rotary(RopeFields.read(config, fields)), 1e-6);
  }

  /** A Mistral with windows and positions of its own. */
  static Blueprint blueprint(
      ConfigFile config,
      HeadKind head,
      DecoderFields fields,
      Windows windows,
      Positions positions,
      double usualEpsilon)
      throws IOException {
    Norm norm = DecoderFields.rootMeanSquare(config, usualEpsilon);
    Attention attention = fields.attention(positions);
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
}
