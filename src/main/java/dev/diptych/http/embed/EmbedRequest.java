package dev.diptych.http.embed;

import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.http.Direction;
import dev.diptych.http.EmbedInputs;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Body of {@code /embed}. */
@Schema(
    example = "{\"inputs\": [\"A cat.\", \"A kitten.\"], \"normalize\": true, \"truncate\": true}")
record EmbedRequest(
    @NotNull EmbedInputs inputs,
    @Schema(description = "Cut texts that are too long; the service's setting decides when absent")
        @Nullable Boolean truncate,
    @Schema(description = "The end that is cut", defaultValue = "right", example = "right")
        @Nullable Direction truncationDirection,
    @Schema(description = "Name of a prompt of the model, put before each text")
        @Nullable String promptName,
    @Schema(description = "Make each vector's length 1", defaultValue = "true", example = "true")
        @Nullable Boolean normalize,
    @Schema(description = "Keep only this many leading numbers, before normalising", minimum = "1")
        @Nullable Integer dimensions,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  TextOptions text() {
    return new TextOptions(truncate, Direction.of(truncationDirection), promptName);
  }

  VectorOptions vector() {
    return new VectorOptions(normalize == null || normalize, dimensions);
  }
}
