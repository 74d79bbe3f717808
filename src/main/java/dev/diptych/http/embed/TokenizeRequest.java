package dev.diptych.http.embed;

import dev.diptych.http.ModelField;
import dev.diptych.http.TextList;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Body of {@code /tokenize}. */
@Schema(example = "{\"inputs\": \"A cat sat.\", \"add_special_tokens\": true}")
record TokenizeRequest(
    @Schema(description = "A text or a list of texts", example = "[\"A cat sat.\"]")
        @JsonDeserialize(using = TextList.class)
        @NotNull
        List<String> inputs,
    @Schema(defaultValue = "true", example = "true") @Nullable Boolean addSpecialTokens,
    @Nullable String promptName,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {}
