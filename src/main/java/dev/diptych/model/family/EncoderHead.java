package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Activation;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Norm;
import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The heads of encoders. */
final class EncoderHead {

  private EncoderHead() {}

  /**
   * The head that a checkpoint is said to have.
   *
   * @param masked that of the family's pretraining
   * @param pooler what a classifier of texts puts the first token through; null for nothing
   */
  static Head of(ConfigFile config, HeadKind kind, Head masked, Head.@Nullable Transform pooler)
      throws IOException {
    return switch (kind) {
      case PRETRAINING -> masked;
      case SEQUENCE_CLASSIFIER ->
          new Head.SequenceClassifier(LabelFields.read(config), Pooling.CLS, pooler, true);
      case TOKEN_CLASSIFIER -> new Head.TokenClassifier(LabelFields.read(config), null, true);
      case QUESTION_ANSWERING -> new Head.QuestionAnswering(null);
    };
  }

  /**
   * A masked-language-model head as BERT's: a linear layer, a function, the norm of all layers.
   *
   * @param width of the token embeddings
   */
  static Head masked(EncoderFields fields, int width, Activation activation) {
    return new Head.MaskedLanguageModel(
        fields.tied(), new Head.Transform(width, true, activation, fields.norm()), true);
  }

  /** A linear layer of a width with a function, without a norm. */
  static Head.Transform pooler(int width, Activation activation) {
    return new Head.Transform(width, true, activation, new Norm.None());
  }
}
