package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.diptych.http.EmbedInputs;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Body of {@code /v1/embeddings}. */
@Schema(example = "{\"input\": [\"A cat.\", \"A kitten.\"], \"encoding_format\": \"float\"}")
record EmbeddingsRequest(
    @NotNull EmbedInputs input,
    @Schema(description = ModelField.DESCRIPTION, example = "all-minilm-l6-v2")
        @Nullable String model,
    @Schema(description = "Numbers, or base64 of little-endian float32", defaultValue = "float")
        @Nullable Format encodingFormat,
    @Schema(description = "Keep only this many leading numbers", minimum = "1")
        @Nullable Integer dimensions) {

  enum Format {
    @JsonProperty("float")
    FLOAT,
    @JsonProperty("base64")
    BASE64
  }
}
