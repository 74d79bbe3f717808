package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** Which head the {@code architectures} of config.json name. */
public enum HeadKind {
  /** That of the family's pretraining, if the checkpoint has it: next token, or masked token. */
  PRETRAINING,
  SEQUENCE_CLASSIFIER,
  TOKEN_CLASSIFIER,
  QUESTION_ANSWERING;

  /** The head of the first architecture; that of pretraining if none is named. */
  static HeadKind read(ConfigFile config) throws IOException {
    JsonNode architectures = config.find("architectures");
    JsonNode first = architectures == null ? null : architectures.get(0);
    String name = first == null ? "" : first.asString("");
    if (name.endsWith("ForSequenceClassification")) {
      return SEQUENCE_CLASSIFIER;
    }
    if (name.endsWith("ForTokenClassification")) {
      return TOKEN_CLASSIFIER;
    }
    if (name.endsWith("ForQuestionAnswering")) {
      return QUESTION_ANSWERING;
    }
    if (name.endsWith("ForMultipleChoice") || name.endsWith("ForNextSentencePrediction")) {
      throw new IOException(
          "%s: the head of %s is not supported".formatted(config.name(), shortened(name)));
    }
    return PRETRAINING;
  }
}
