package dev.diptych.http.huggingface;

import dev.diptych.http.ListReader;
import dev.diptych.http.ModelField;
import dev.diptych.tasks.AnswerOptions;
import dev.diptych.tasks.Question;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /question-answering}. */
@Schema(
    example =
        "{\"inputs\": {\"question\": \"What is the capital of France?\", \"context\": \"Paris is"
            + " the capital of France. Berlin is the capital of Germany.\"}}")
record QuestionAnsweringRequest(
    @NotNull Inputs inputs,
    @Nullable @Valid Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /**
   * A question with its context, or a list of such.
   *
   * @param questions each of them
   */
  @Schema(
      name = "QuestionAnsweringInputs",
      description = "A question with its context, or a list of such",
      types = {"object", "array"},
      oneOf = {Input.class, Input[].class})
  @JsonDeserialize(using = Inputs.Reader.class)
  record Inputs(@Schema(hidden = true) List<Question> questions) {

    private static final String FORMS =
        "must be an object with `question` and `context`, or a list of such";

    /** Reads questions. */
    static final class Reader extends ValueDeserializer<Inputs> {

      @Override
      public Inputs deserialize(JsonParser parser, DeserializationContext context) {
        ListReader reader = new ListReader(parser, context, Inputs.class, FORMS);
        if (reader.isObject()) {
          return new Inputs(List.of(question(parser, context)));
        }
        List<Question> questions = new ArrayList<>();
        reader.openList();
        while (!reader.closesList()) {
          reader.requireObject();
          reader.add(questions, question(parser, context));
        }
        return new Inputs(questions);
      }

      private static Question question(JsonParser parser, DeserializationContext context) {
        Input input = context.readValue(parser, Input.class);
        return new Question(
            Objects.requireNonNullElse(input.question(), ""),
            Objects.requireNonNullElse(input.context(), ""));
      }
    }
  }

  /**
   * @param question what is asked
   * @param context where the answer stands
   */
  @Schema(name = "QuestionAnsweringInput")
  record Input(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minLength = 1,
              example = "What is the capital of France?")
          @Nullable String question,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minLength = 1,
              example = "Paris is the capital of France.")
          @Nullable String context) {}

  /**
   * @param topK most answers
   * @param docStride overlap of windows
   * @param maxAnswerLen longest answer
   * @param maxSeqLen longest window
   * @param maxQuestionLen what is left of the question
   * @param handleImpossibleAnswer whether there may be none
   * @param alignToWords whether answers are whole words
   */
  @Schema(name = "QuestionAnsweringParameters")
  record Parameters(
      @Schema(
              description = "Most answers; one is told alone, several as a list",
              defaultValue = "1",
              minimum = "1")
          @Nullable Integer topK,
      @Schema(
              description =
                  "Tokens that two windows of a long context have in common; 128 if absent, or half"
                      + " of a window if that is less",
              minimum = "0")
          @Nullable Integer docStride,
      @Schema(description = "Tokens of the longest answer", defaultValue = "15", minimum = "1")
          @Nullable Integer maxAnswerLen,
      @Schema(
              description =
                  "Tokens of a window with the question in it; 384 if absent, or what the model"
                      + " takes if that is less",
              minimum = "1")
          @Nullable Integer maxSeqLen,
      @Schema(
              description = "Tokens of the question that are seen; all of them if absent",
              minimum = "1")
          @Nullable Integer maxQuestionLen,
      @Schema(description = "Tell an empty answer if none is likely", defaultValue = "false")
          @Nullable Boolean handleImpossibleAnswer,
      @Schema(description = "Begin and end with whole words", defaultValue = "true")
          @Nullable Boolean alignToWords) {}

  AnswerOptions options() {
    AnswerOptions usual = AnswerOptions.DEFAULT;
    return parameters == null
        ? usual
        : new AnswerOptions(
            Objects.requireNonNullElse(parameters.topK(), usual.topK()),
            parameters.docStride(),
            Objects.requireNonNullElse(parameters.maxAnswerLen(), usual.maxAnswerTokens()),
            parameters.maxSeqLen(),
            parameters.maxQuestionLen(),
            Objects.requireNonNullElse(
                parameters.handleImpossibleAnswer(), usual.handlesImpossible()),
            Objects.requireNonNullElse(parameters.alignToWords(), usual.alignsToWords()));
  }
}
