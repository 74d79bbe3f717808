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

/**
 * ELECTRA (arXiv:2003.10555): a BERT whose embeddings may be narrower than its states. Generators
 * have a masked-language-model head; of discriminators, which tell replaced tokens, the states are
 * of use.
 */
final class Electra implements Family {

  @Override
  public Set<String> modelTypes() {
    return Set.of("electra");
  }

  @Override
  public Blueprint blueprint(ConfigFile config, HeadKind head) throws IOException {
    config.oneOf("position_embedding_type", "absolute");
    config.require("is_decoder", false, "an encoder that looks one way is not supported");
    EncoderFields fields = EncoderFields.read(config);
    int width = config.count(1, SizeLimits.WIDTH, 128, "embedding_size");
    Embeddings embeddings =
        new Embeddings(
            width,
            fields.positions(),
            0,
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
            EncoderHead.masked(fields, width, Activation.GELU),
            EncoderHead.pooler(fields.width(), Activation.GELU)));
  }

  @Override
  public WeightNames weights(Blueprint blueprint) {
    WeightNames.Builder names =
        Bert.layers("electra.").slot("embedding.projection", "embeddings_project");
    switch (blueprint.head()) {
      case Head.MaskedLanguageModel _ ->
          names
              .head("head.transform", "generator_predictions.dense")
              .head("head.norm", "generator_predictions.LayerNorm")
              .head("head.output", "generator_lm_head");
      case Head.SequenceClassifier _ ->
          names
              .head("head.transform", "classifier.dense")
              .head("head.output", "classifier.out_proj");
      case Head.QuestionAnswering _ -> names.head("head.output", "qa_outputs");
      default -> names.head("head.output", "classifier");
    }
    return names
        .unused(
            "(generator_predictions|generator_lm_head|discriminator_predictions|classifier"
                + "|qa_outputs|sequence_summary)\\..*|.*position_ids")
        .build();
  }
}
