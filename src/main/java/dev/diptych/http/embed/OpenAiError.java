package dev.diptych.http.embed;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Error body of text-embeddings-inference's OpenAI endpoint, which is flat unlike OpenAI's own.
 *
 * @param message what was wrong
 * @param code the HTTP status
 * @param type as {@link ErrorBody#errorType}
 */
record OpenAiError(
    @Schema(example = "Input validation error: `inputs` cannot be empty") String message,
    @Schema(example = "400") int code,
    @Schema(
            allowableValues = {
              "Empty",
              "Validation",
              "Tokenizer",
              "Backend",
              "Overloaded",
              "Unhealthy"
            })
        String type) {}
