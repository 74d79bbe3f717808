package dev.diptych.http.embed;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code /tokenize}. */
@Schema(example = "{\"inputs\": \"A cat sat.\", \"add_special_tokens\": true}")
record TokenizeRequest(
    @Schema(description = "A text or a list of texts", example = "[\"A cat sat.\"]")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotNull
        List<@NotNull String> inputs,
    @Schema(defaultValue = "true", example = "true") @Nullable Boolean addSpecialTokens,
    @Nullable String promptName) {}
