package dev.diptych.http.generate;

import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /}. */
@Schema(
    example =
        "{\"inputs\": \"The capital of France is\", \"parameters\": {\"max_new_tokens\": 20},"
            + " \"stream\": false}")
record CompatibleGenerateRequest(
    @Schema(
            description = "The text to continue.",
            example = "The capital of France is",
            minLength = 1,
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String inputs,
    @Nullable GenerateParameters parameters,
    @Schema(description = "Answers with server-sent events.", defaultValue = "false")
        @Nullable Boolean stream,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  boolean wantsStream() {
    return Boolean.TRUE.equals(stream);
  }

  GenerateRequest request() {
    return new GenerateRequest(inputs, parameters, model);
  }
}
