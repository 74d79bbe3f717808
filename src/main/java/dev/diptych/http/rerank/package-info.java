/** Ranking as Jina ({@code /v1/rerank}) and Cohere ({@code /v2/rerank}) have it. */
@NullMarked
package dev.diptych.http.rerank;

import org.jspecify.annotations.NullMarked;
