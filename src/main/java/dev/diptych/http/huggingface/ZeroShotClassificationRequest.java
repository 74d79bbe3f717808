package dev.diptych.http.huggingface;

import dev.diptych.http.ListReader;
import dev.diptych.http.ModelField;
import dev.diptych.tasks.HypothesisTemplate;
import dev.diptych.tasks.ZeroShotOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /zero-shot-classification}. */
@Schema(
    example =
        "{\"inputs\": \"My phone does not charge.\", \"parameters\": {\"candidate_labels\":"
            + " [\"phone\", \"computer\"]}}")
record ZeroShotClassificationRequest(
    @NotNull Texts inputs,
    @NotNull @Valid Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /**
   * @param candidateLabels what the text may be
   * @param hypothesisTemplate what a label makes a sentence of
   * @param multiLabel whether several may be right
   */
  @Schema(name = "ZeroShotClassificationParameters")
  record Parameters(
      @Schema(
              description = "What the text may be: a list, or one text with commas between them",
              example = "[\"phone\", \"computer\"]")
          @NotNull
          @JsonDeserialize(using = Labels.class)
          List<String> candidateLabels,
      @Schema(
              description = "A sentence with {} for the label, whose truth is asked",
              defaultValue = "This example is {}.",
              example = "This is about a {}.")
          @Nullable String hypothesisTemplate,
      @Schema(
              description =
                  "Judge each label by itself, as several may be right; otherwise the scores add up"
                      + " to 1",
              defaultValue = "false")
          @Nullable Boolean multiLabel) {}

  /** Reads labels. */
  static final class Labels extends ValueDeserializer<List<String>> {

    @Override
    public List<String> deserialize(JsonParser parser, DeserializationContext context) {
      ListReader reader =
          new ListReader(parser, context, List.class, "must be a string or a list of strings");
      return reader.isText()
          ? Arrays.stream(reader.text().split(","))
              .map(String::strip)
              .filter(label -> !label.isEmpty())
              .toList()
          : reader.texts();
    }
  }

  ZeroShotOptions options() {
    String template = parameters.hypothesisTemplate();
    return new ZeroShotOptions(
        parameters.candidateLabels(),
        template == null ? HypothesisTemplate.DEFAULT : new HypothesisTemplate(template),
        Boolean.TRUE.equals(parameters.multiLabel()));
  }
}
