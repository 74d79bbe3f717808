package dev.diptych.http.rerank;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Answer of {@code /v1/rerank}. */
record RankDocumentsResponse(
    @Schema(example = "rerank-5f0c") String id,
    @Schema(example = "bge-reranker-base") String model,
    @Schema(allowableValues = "list") String object,
    Usage usage,
    @Schema(description = "Best first") List<RankedDocument> results) {

  /** What it cost; the query counts with each document. */
  @Schema(name = "RankUsage")
  record Usage(@Schema(example = "31") int promptTokens, @Schema(example = "31") int totalTokens) {}
}
