package dev.diptych.http.rerank;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** Answer of {@code /v2/rerank}. */
record CohereRerankResponse(
    @Schema(example = "07734bd2-2473-4f07-94e1-0d9f0e6843cf") String id,
    @Schema(description = "Best first") List<RankedDocument> results,
    Meta meta) {

  /** What it cost. */
  @Schema(name = "CohereMeta")
  record Meta(ApiVersion apiVersion, BilledUnits billedUnits, Tokens tokens) {}

  /** The version of the API. */
  @Schema(name = "CohereApiVersion")
  record ApiVersion(@Schema(example = "2") String version) {}

  /**
   * What Cohere would count.
   *
   * @param searchUnits one for every hundred documents
   */
  @Schema(name = "CohereBilledUnits")
  record BilledUnits(@Schema(example = "1") int searchUnits) {}

  /**
   * What was computed.
   *
   * @param inputTokens the query counts with each document
   */
  @Schema(name = "CohereTokens")
  record Tokens(@Schema(example = "31") int inputTokens) {}

  private static final int DOCUMENTS_PER_UNIT = 100;

  static CohereRerankResponse of(
      String id, List<RankedDocument> results, int documents, int tokens) {
    return new CohereRerankResponse(
        id,
        results,
        new Meta(
            new ApiVersion("2"),
            new BilledUnits((documents + DOCUMENTS_PER_UNIT - 1) / DOCUMENTS_PER_UNIT),
            new Tokens(tokens)));
  }
}
