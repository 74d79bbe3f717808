package dev.diptych.http.rerank;

import dev.diptych.http.ModelField;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Body of {@code /v1/rerank}. */
@Schema(
    example =
        "{\"query\": \"What is the capital of France?\", \"documents\": [\"Paris is the capital of"
            + " France.\", \"Cheese is made of milk.\"], \"top_n\": 1}")
record RankDocumentsRequest(
    @Schema(description = ModelField.DESCRIPTION) @Nullable String model,
    @Schema(example = "What is the capital of France?", minLength = 1) @NotNull String query,
    @NotNull Documents documents,
    @Schema(description = "So many of the best are told; absent tells all", minimum = "1")
        @Nullable Integer topN,
    @Schema(
            description = "Tell the text of each document too",
            defaultValue = "true",
            example = "true")
        @Nullable Boolean returnDocuments,
    @Schema(description = "Only of `text` may objects be ranked", example = "[\"text\"]")
        @Nullable List<String> rankFields,
    @Schema(description = "Must not be set: what is too long is cut")
        @Nullable Integer maxChunksPerDoc) {}
