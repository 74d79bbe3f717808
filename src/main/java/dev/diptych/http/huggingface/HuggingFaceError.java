package dev.diptych.http.huggingface;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Error body of Hugging Face's tasks.
 *
 * @param error what was wrong
 * @param errorType validation, tokenizer, inference, overloaded or unavailable
 */
record HuggingFaceError(
    @Schema(example = "no mask token ([MASK]) was found in `inputs`") String error,
    @Schema(
            allowableValues = {
              "validation",
              "tokenizer",
              "inference",
              "overloaded",
              "unavailable",
              "unauthorized"
            })
        String errorType) {}
