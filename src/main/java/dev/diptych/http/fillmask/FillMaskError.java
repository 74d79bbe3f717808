package dev.diptych.http.fillmask;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Error body of {@code /fill-mask}.
 *
 * @param error what was wrong
 * @param errorType validation, tokenizer, inference, overloaded or unavailable
 */
record FillMaskError(
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
