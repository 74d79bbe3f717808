package dev.diptych.http.embed;

import dev.diptych.http.Direction;
import dev.diptych.http.ModelField;
import dev.diptych.tasks.ClassifierOptions;
import dev.diptych.tokenization.TextPairs.Truncation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Body of {@code /predict}. */
@Schema(
    example =
        "{\"inputs\": [[\"I like you.\"], [\"I like you.\", \"I like pineapples.\"]],"
            + " \"raw_scores\": false}")
record PredictRequest(
    @NotNull PredictInputs inputs,
    @Schema(description = "Cut texts that are too long; the service's setting decides when absent")
        @Nullable Boolean truncate,
    @Schema(description = "The end that is cut", defaultValue = "right", example = "right")
        @Nullable Direction truncationDirection,
    @Schema(
            description =
                "The model's logits; otherwise their softmax, or their sigmoid where there is a"
                    + " single label",
            defaultValue = "false",
            example = "false")
        @Nullable Boolean rawScores,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  ClassifierOptions options() {
    return new ClassifierOptions(
        truncate, Direction.of(truncationDirection), Truncation.LONGEST_FIRST);
  }

  boolean isRaw() {
    return rawScores != null && rawScores;
  }
}
