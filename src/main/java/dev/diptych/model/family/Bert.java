package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Positions;
import java.io.IOException;
import java.util.Set;

/** BERT (arXiv:1810.04805): learned positions and segments, norms behind each half of a layer. */
final class Bert implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("bert");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    return blueprint(config, head, 0, Activations.read(config, Activation.GELU, "hidden_act"));
  }

  /**
   * A BERT whose first token has a position of its own.
   *
   * @param masked function of the masked-language-model head
   */
  static Blueprint blueprint(ConfigFile config, HeadKind head, int firstPosition, Activation masked)
      throws IOException {
    config.oneOf("position_embedding_type", "absolute");
    config.require("is_decoder", false, "an encoder that looks one way is not supported");
    EncoderFields fields = EncoderFields.read(config);
    config.count(fields.width(), fields.width(), fields.width(), "embedding_size");
    Embeddings embeddings =
        new Embeddings(
            fields.width(),
            fields.positions(),
            firstPosition,
            config.count(1, SizeLimits.SEGMENTS, 2, "type_vocab_size"),
            fields.norm(),
            1);
    return fields.blueprint(
        embeddings,
        fields.attention(new Positions.None()),
        fields.feedForward(Activations.read(config, Activation.GELU, "hidden_act")),
        EncoderHead.of(
            config,
            head,
            EncoderHead.masked(fields, fields.width(), masked),
            EncoderHead.pooler(fields.width(), Activation.TANH)));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    WeightNames.Builder names = layers("bert.");
    switch (blueprint.head()) {
      case Head.MaskedLanguageModel head ->
          names
              .head("head.transform", "cls.predictions.transform.dense")
              .head("head.norm", "cls.predictions.transform.LayerNorm")
              .head("head.output", "cls.predictions.decoder")
              .head(
                  "head.output.bias",
                  biases(head, "cls.predictions.bias", "cls.predictions.decoder.bias"));
      case Head.QuestionAnswering _ -> names.head("head.output", "qa_outputs");
      default -> names.slot("head.transform", "pooler.dense").head("head.output", "classifier");
    }
    return names
        .unused("cls\\..*|(classifier|qa_outputs)\\..*|.*\\.?pooler\\..*|.*position_ids")
        .build();
  }

  /** One bias with two names while a head is tied; else the layer has its own. */
  static String[] biases(Head.MaskedLanguageModel head, String ofHead, String ofLayer) {
    return head.tied() ? new String[] {ofHead, ofLayer} : new String[] {ofLayer, ofHead};
  }

  /** Names of all but the head. */
  static WeightNames.Builder layers(String prefix) {
    return WeightNames.under(prefix, "")
        .slot("embedding.tokens", "embeddings.word_embeddings")
        .slot("embedding.positions", "embeddings.position_embeddings")
        .slot("embedding.types", "embeddings.token_type_embeddings")
        .slot("embedding.norm", "embeddings.LayerNorm")
        .slot("layer.{}.attention.query", "encoder.layer.{}.attention.self.query")
        .slot("layer.{}.attention.key", "encoder.layer.{}.attention.self.key")
        .slot("layer.{}.attention.value", "encoder.layer.{}.attention.self.value")
        .slot("layer.{}.attention.output", "encoder.layer.{}.attention.output.dense")
        .slot("layer.{}.attention.norm_behind", "encoder.layer.{}.attention.output.LayerNorm")
        .slot("layer.{}.feed_forward.up", "encoder.layer.{}.intermediate.dense")
        .slot("layer.{}.feed_forward.down", "encoder.layer.{}.output.dense")
        .slot("layer.{}.feed_forward.norm_behind", "encoder.layer.{}.output.LayerNorm");
  }
}
