package dev.diptych.http.embed;

import dev.diptych.encoding.TextOptions;
import dev.diptych.http.ListReader;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
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
          List<String> sentences) {

    /** Reads sentences. */
    static final class Texts extends ValueDeserializer<List<String>> {

      @Override
      public List<String> deserialize(JsonParser parser, DeserializationContext context) {
        return new ListReader(parser, context, List.class, "must be a list of strings").texts();
      }
    }
  }

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
