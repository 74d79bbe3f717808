package dev.diptych.http.embed;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How well one text answers the query.
 *
 * @param index its place in the request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Rank(
    @Schema(example = "0") int index,
    @Schema(description = "The text, where it is asked for") @Nullable String text,
    @Schema(example = "0.9976") float score) {}
