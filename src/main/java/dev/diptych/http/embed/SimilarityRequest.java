package dev.diptych.http.embed;

import dev.diptych.encoding.TextOptions;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /similarity}. */
@Schema(
    example =
        "{\"inputs\": {\"source_sentence\": \"A cat.\", \"sentences\": [\"A kitten.\", \"Stocks"
            + " fell.\"]}}")
record SimilarityRequest(
    @NotNull @Valid Sentences inputs,
    @Nullable Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /**
   * @param sourceSentence what the others are compared with
   * @param sentences at least one
   */
  @Schema(name = "SimilarityInputs")
  record Sentences(
      @Schema(example = "A cat.", minLength = 1) @NotNull String sourceSentence,
      @Schema(example = "[\"A kitten.\", \"Stocks fell.\"]")
          @NotNull
          @JsonDeserialize(using = Texts.class)
          List<String> sentences) {}

  /** As the fields of {@link EmbedRequest}. */
  @Schema(name = "SimilarityParameters")
  record Parameters(
      @Nullable Boolean truncate,
      @Nullable Direction truncationDirection,
      @Nullable String promptName) {}

  TextOptions text() {
    return parameters == null
        ? TextOptions.DEFAULT
        : new TextOptions(
            parameters.truncate(),
            Direction.of(parameters.truncationDirection()),
            parameters.promptName());
  }
}
