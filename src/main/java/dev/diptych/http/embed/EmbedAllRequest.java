package dev.diptych.http.embed;

import dev.diptych.encoding.TextOptions;
import dev.diptych.http.Direction;
import dev.diptych.http.EmbedInputs;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Body of {@code /embed_all}. */
@Schema(example = "{\"inputs\": \"A cat.\", \"truncate\": true}")
record EmbedAllRequest(
    @NotNull EmbedInputs inputs,
    @Schema(description = "Cut texts that are too long; the service's setting decides when absent")
        @Nullable Boolean truncate,
    @Schema(description = "The end that is cut", defaultValue = "right", example = "right")
        @Nullable Direction truncationDirection,
    @Schema(description = "Name of a prompt of the model, put before each text")
        @Nullable String promptName,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  TextOptions text() {
    return new TextOptions(truncate, Direction.of(truncationDirection), promptName);
  }
}
