package dev.diptych.http.generate;

import dev.diptych.InvalidInput;
import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code /generate} and {@code /generate_stream}. */
@Schema(
    example =
        "{\"inputs\": \"The capital of France is\", \"parameters\": {\"max_new_tokens\": 20,"
            + " \"details\": true}}")
record GenerateRequest(
    @Schema(
            description = "The text to continue.",
            example = "The capital of France is",
            minLength = 1,
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String inputs,
    @Nullable GenerateParameters parameters,
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model) {

  /** The text to continue, which must be there. */
  String prompt() {
    if (inputs == null) {
      throw new InvalidInput("missing field `inputs`, the text to continue");
    }
    return inputs;
  }

  GenerateParameters parametersOrNone() {
    return parameters == null ? GenerateParameters.NONE : parameters;
  }
}
