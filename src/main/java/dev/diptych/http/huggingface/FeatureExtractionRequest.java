package dev.diptych.http.huggingface;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.http.Direction;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code /feature-extraction}. */
@Schema(example = "{\"inputs\": [\"A cat.\", \"A kitten.\"], \"normalize\": true}")
record FeatureExtractionRequest(
    @NotNull Texts inputs,
    @Schema(description = "Make each vector's length 1", defaultValue = "true", example = "true")
        @Nullable Boolean normalize,
    @Schema(description = "Name of a prompt of the model, put before each text")
        @Nullable String promptName,
    @Schema(description = "Cut texts that are too long; the service's setting decides when absent")
        @Nullable Boolean truncate,
    @Schema(description = "The end that is cut", defaultValue = "right", example = "right")
        @Nullable Direction truncationDirection,
    @Schema(description = "Keep only this many leading numbers, before normalising", minimum = "1")
        @Nullable Integer dimensions,
    @Schema(description = "How numbers are written; base64 is not") @Nullable Format encodingFormat,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /** The only form of numbers that there is. */
  @Schema(name = "FeatureExtractionFormat")
  enum Format {
    @JsonProperty("float")
    FLOAT
  }

  List<EmbedInput> items() {
    return inputs.values().stream().<EmbedInput>map(EmbedInput.Text::new).toList();
  }

  TextOptions text() {
    return new TextOptions(truncate, Direction.of(truncationDirection), promptName);
  }

  VectorOptions vector() {
    return new VectorOptions(normalize == null || normalize, dimensions);
  }
}
