package dev.diptych.http.embed;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Error body of text-embeddings-inference.
 *
 * @param error what was wrong
 * @param errorType Empty, Validation, Tokenizer, Backend, Overloaded or Unhealthy
 */
record ErrorBody(
    @Schema(example = "Input validation error: `inputs` cannot be empty") String error,
    @Schema(
            allowableValues = {
              "Empty",
              "Validation",
              "Tokenizer",
              "Backend",
              "Overloaded",
              "Unhealthy",
              "Unauthorized"
            })
        String errorType) {}
