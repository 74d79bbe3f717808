package dev.diptych.http.rerank;

import io.swagger.v3.oas.annotations.media.Schema;

/** Error body of Cohere. */
record CohereError(@Schema(example = "`documents` cannot be empty") String message) {}
