package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;

/** The heads of decoders. */
final class DecoderHead {

  private DecoderHead() {}

  /**
   * The head that a checkpoint is said to have: the language model's, or a classifier that reads
   * the last token, with the slots {@code score}.
   *
   * @param languageModel that of the family's pretraining
   */
  static Head of(ConfigFile config, HeadKind kind, Head languageModel) throws IOException {
    return switch (kind) {
      case PRETRAINING -> languageModel;
      case SEQUENCE_CLASSIFIER ->
          new Head.SequenceClassifier(LabelFields.read(config), Pooling.LAST_TOKEN, null, false);
      case TOKEN_CLASSIFIER -> new Head.TokenClassifier(LabelFields.read(config), null, true);
      case QUESTION_ANSWERING -> new Head.QuestionAnswering(null);
    };
  }

  /** Names its output layer has, by its kind. */
  static String[] names(Head head, String... languageModel) {
    return switch (head) {
      case Head.LanguageModel _, Head.MaskedLanguageModel _, Head.None _ -> languageModel;
      case Head.SequenceClassifier _ -> new String[] {"score"};
      case Head.TokenClassifier _ -> new String[] {"score", "classifier"};
      case Head.QuestionAnswering _ -> new String[] {"qa_outputs"};
    };
  }
}
