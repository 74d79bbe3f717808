package dev.diptych.http.models;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;

/** Body of {@code /models/unload}. */
@Schema(example = "{\"model\": \"qwen\"}")
record UnloadRequest(
    @Schema(description = "One of its names, or its source", example = "qwen") @NotNull
        String model) {}
