package dev.diptych.http.rerank;

import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Body of {@code /v2/rerank}. */
@Schema(
    example =
        "{\"query\": \"What is the capital of France?\", \"documents\": [\"Paris is the capital of"
            + " France.\", \"Cheese is made of milk.\"], \"top_n\": 1}")
record CohereRerankRequest(
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model,
    @Schema(example = "What is the capital of France?", minLength = 1) @NotNull String query,
    @NotNull Documents documents,
    @Schema(description = "So many of the best are told; absent tells all", minimum = "1")
        @Nullable Integer topN,
    @Schema(
            description = "Tell the text of each document too",
            defaultValue = "false",
            example = "false")
        @Nullable Boolean returnDocuments,
    @Schema(description = "Tokens that are left of each document", minimum = "1", example = "256")
        @Nullable Integer maxTokensPerDoc,
    @Schema(description = "Must be 0: all requests have their turn") @Nullable Integer priority,
    @Schema(description = "Must not be set: spans are not told")
        @Nullable JsonNode relevantSpans) {}
