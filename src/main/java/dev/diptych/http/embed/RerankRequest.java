package dev.diptych.http.embed;

import dev.diptych.http.Direction;
import dev.diptych.http.ListOfTexts;
import dev.diptych.http.ModelField;
import dev.diptych.tasks.RankOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /rerank}. */
@Schema(
    example =
        "{\"query\": \"What is deep learning?\", \"texts\": [\"Deep learning is a kind of machine"
            + " learning.\", \"Cheese is made of milk.\"], \"return_text\": true}")
record RerankRequest(
    @Schema(example = "What is deep learning?") @NotNull String query,
    @Schema(example = "[\"Deep learning is a kind of machine learning.\"]")
        @NotNull
        @JsonDeserialize(using = ListOfTexts.class)
        List<String> texts,
    @Schema(
            description =
                "Cut the longer of query and text where both are too long together; the service's"
                    + " setting decides when absent")
        @Nullable Boolean truncate,
    @Schema(description = "The end that is cut", defaultValue = "right", example = "right")
        @Nullable Direction truncationDirection,
    @Schema(
            description = "The model's logits; otherwise their sigmoids",
            defaultValue = "false",
            example = "false")
        @Nullable Boolean rawScores,
    @Schema(description = "Tell each text too", defaultValue = "false", example = "false")
        @Nullable Boolean returnText,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  RankOptions options() {
    return new RankOptions(truncate, Direction.of(truncationDirection));
  }

  boolean isRaw() {
    return rawScores != null && rawScores;
  }

  boolean tellsTexts() {
    return returnText != null && returnText;
  }
}
