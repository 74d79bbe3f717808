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

/** Granite: a Llama whose embeddings, residuals, attention and logits are multiplied. */
final class Granite implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("granite", 32_000, 4096, 11_008, 32, 32, 0, 0, 2048);

  @Override
  public Set<String> modelTypes() {
    return Set.of("granite");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    Norm norm = DecoderFields.rootMeanSquare(config, 1e-6);
    Residual residual = Residual.before(norm).times(config.number(1, "residual_multiplier"));
    boolean biases = config.flag(false, "attention_bias");
    Attention attention =
        fields
            .attention(RopeFields.read(config, fields))
            .withBiases(biases, biases)
            .withScale(config.number(1, "attention_multiplier"));
    FeedForward feedForward =
        fields.gated(
            Activations.read(config, Activation.SILU, "hidden_act"),
            config.flag(false, "mlp_bias"));
    Head languageModel =
        new Head.LanguageModel(
            config.flag(false, "tie_word_embeddings"),
            false,
            1 / config.positive(1, "logits_scaling"),
            0);
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()).times(config.number(1, "embedding_multiplier")),
        layer -> Layer.of(layer, attention, residual, feedForward, residual),
        norm,
        DecoderHead.of(config, head, languageModel));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint).build();
  }

  @Override
  public List<GgufForm> gguf() {
    return List.of(
        GgufForm.of("granite", "granite")
            .withNames(GgufNames::interleaved)
            .with(GgufForm.BIASES)
            .with(
                (keys, config) -> {
                  if (!keys.flag("rope.scaling.finetuned", true)) {
                    throw keys.invalid("a Granite without rotary positions is not supported");
                  }
                  double usual = 1 / Math.sqrt(keys.headWidth());
                  config.put("attention_multiplier", keys.number("attention.scale", usual));
                  config.put("embedding_multiplier", keys.number("embedding_scale", 1));
                  config.put("residual_multiplier", keys.number("residual_scale", 1));
                  config.put("logits_scaling", keys.number("logit_scale", 1));
                }));
  }
}
