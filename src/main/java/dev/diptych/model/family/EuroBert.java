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
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Residual;
import java.io.IOException;
import java.util.Set;

/** EuroBERT (arXiv:2503.05500): a Llama that looks both ways. */
final class EuroBert implements Family {

  private static final DecoderFields USUAL =
      new DecoderFields("eurobert", 128_256, 768, 3072, 12, 12, 0, 0, 8192);

  @Override
  public Set<String> modelTypes() {
    return Set.of("eurobert");
  }

  @Override
  public boolean knowsOwnCode() {
    return true;
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    DecoderFields fields = DecoderFields.read(config, USUAL);
    boolean attentionBiases = config.flag(false, "attention_bias");
    boolean biases = config.flag(false, "mlp_bias");
    Norm norm = new Norm.RootMeanSquare(config.positive(1e-5, "rms_norm_eps"));
    Positions positions = new Positions.Rotary(RopeFields.read(config, fields));
    Attention attention =
        Attention.of(fields.heads(), fields.keyValueHeads(), fields.headWidth(), positions, false)
            .withBiases(attentionBiases, attentionBiases);
    FeedForward feedForward =
        fields.gated(Activations.read(config, Activation.SILU, "hidden_act"), biases);
    boolean own = config.find("classifier_pooling") == null && config.find("clf_pooling") != null;
    String pooling =
        config.oneOf(own ? "clf_pooling" : "classifier_pooling", "late", "bos", "mean");
    Head masked =
        new Head.MaskedLanguageModel(config.flag(false, "tie_word_embeddings"), null, biases);
    return fields.blueprint(
        Embeddings.ofTokens(fields.width()),
        layer ->
            Layer.of(layer, attention, Residual.before(norm), feedForward, Residual.before(norm)),
        norm,
        head == HeadKind.SEQUENCE_CLASSIFIER
            ? classifier(config, fields.width(), pooling)
            : EncoderHead.of(config, head, masked, null));
  }

  private static Head classifier(ConfigFile config, int width, String pooling) throws IOException {
    return new Head.SequenceClassifier(
        LabelFields.read(config),
        pooling.equals("bos") ? Pooling.CLS : Pooling.MEAN,
        EncoderHead.pooler(width, Activation.GELU),
        pooling.equals("late"),
        true);
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    return Llama.names(blueprint)
        .head("head.transform", "dense")
        .head("head.output", "classifier")
        .unused("(lm_head|dense|classifier|qa_outputs)\\..*|.*rotary_emb\\..*")
        .build();
  }
}
