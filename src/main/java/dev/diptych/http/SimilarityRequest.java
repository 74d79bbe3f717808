package dev.diptych.http;

import dev.diptych.encoding.TextOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /similarity} and {@code /sentence-similarity}. */
@Schema(
    example =
        "{\"inputs\": {\"source_sentence\": \"A cat.\", \"sentences\": [\"A kitten.\", \"Stocks"
            + " fell.\"]}}")
public record SimilarityRequest(
    @NotNull @Valid Sentences inputs,
    @Nullable Parameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /**
   * A sentence and others.
   *
   * @param sourceSentence what the others are compared with
   * @param sentences at least one
   */
  @Schema(name = "SimilarityInputs")
  public record Sentences(
      @Schema(example = "A cat.", minLength = 1) @NotNull String sourceSentence,
      @Schema(example = "[\"A kitten.\", \"Stocks fell.\"]")
          @NotNull
          @JsonDeserialize(using = ListOfTexts.class)
          List<String> sentences) {}

  /**
   * How the sentences become tokens.
   *
   * @param truncate whether texts that are too long are cut
   * @param truncationDirection which end of them
   * @param promptName the prompt put before each text
   */
  @Schema(name = "SimilarityParameters")
  public record Parameters(
      @Nullable Boolean truncate,
      @Nullable Direction truncationDirection,
      @Nullable String promptName) {}

  /** How the sentences become tokens. */
  public TextOptions text() {
    return parameters == null
        ? TextOptions.DEFAULT
        : new TextOptions(
            parameters.truncate(),
            Direction.of(parameters.truncationDirection()),
            parameters.promptName());
  }
}
