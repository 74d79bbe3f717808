package dev.diptych.http.rerank;

import dev.diptych.InvalidInput;
import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.RankOptions;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.Ranking;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Documents ranked for a query, in the dialects of Jina and Cohere. */
@RestController
@Tag(name = "Ranking", description = "Documents by how well they answer a query")
final class RankDocumentsController {

  private final ServedModels<Ranker> rankers;
  private final UntilWritten untilWritten;

  RankDocumentsController(ServedModels<Ranker> rankers, UntilWritten untilWritten) {
    this.rankers = rankers;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "The documents that answer a query best, as Jina has it")
  @ApiResponse(responseCode = "200", description = "The best documents, best first")
  @ApiResponse(
      responseCode = "default",
      description = "An error",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(ref = "OpenAiError")))
  @PostMapping("/v1/rerank")
  ResponseEntity<RankDocumentsResponse> rank(
      @Valid @RequestBody RankDocumentsRequest request, HttpServletRequest http) {
    if (request.rankFields() != null && !request.rankFields().equals(List.of("text"))) {
      throw new InvalidInput(
          "`rank_fields` must be [\"text\"]: documents are ranked by their text");
    }
    if (request.maxChunksPerDoc() != null) {
      throw new InvalidInput(
          "`max_chunks_per_doc` is not supported: what is too long is cut, not split");
    }
    Served<Ranker> served = named(request.model());
    Ranker ranker = served.engine();
    List<String> texts = request.documents().texts();
    Ranking ranking = rank(ranker, request.query(), texts, request.topN(), null, http);
    int tokens = ranking.metrics().tokens();
    return ComputeHeaders.answer(
        ranker.facts().device(),
        ranking.metrics(),
        new RankDocumentsResponse(
            "rerank-" + UUID.randomUUID(),
            served.name(),
            "list",
            new RankDocumentsResponse.Usage(tokens, tokens),
            RankedDocument.best(
                ranking,
                request.topN(),
                texts,
                request.returnDocuments() == null || request.returnDocuments())));
  }

  @Operation(summary = "The documents that answer a query best, as Cohere has it")
  @ApiResponse(responseCode = "200", description = "The best documents, best first")
  @ApiResponse(
      responseCode = "default",
      description = "An error",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = CohereError.class)))
  @PostMapping("/v2/rerank")
  ResponseEntity<CohereRerankResponse> rank(
      @Valid @RequestBody CohereRerankRequest request, HttpServletRequest http) {
    if (request.priority() != null && request.priority() != 0) {
      throw new InvalidInput(
          "`priority` must be 0, as all requests have their turn. Given: " + request.priority());
    }
    if (request.relevantSpans() != null && !request.relevantSpans().isNull()) {
      throw new InvalidInput("`relevant_spans` is not supported");
    }
    Ranker ranker = named(request.model()).engine();
    List<String> texts = request.documents().texts();
    Ranking ranking =
        rank(ranker, request.query(), texts, request.topN(), request.maxTokensPerDoc(), http);
    return ComputeHeaders.answer(
        ranker.facts().device(),
        ranking.metrics(),
        CohereRerankResponse.of(
            UUID.randomUUID().toString(),
            RankedDocument.best(
                ranking,
                request.topN(),
                texts,
                request.returnDocuments() != null && request.returnDocuments()),
            texts.size(),
            ranking.metrics().tokens()));
  }

  private Served<Ranker> named(@Nullable String model) {
    return rankers.named(model == null || model.isEmpty() ? null : model);
  }

  private Ranking rank(
      Ranker ranker,
      String query,
      List<String> texts,
      @Nullable Integer topN,
      @Nullable Integer maxTokensPerDoc,
      HttpServletRequest http) {
    if (query.isEmpty()) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`query` cannot be empty");
    }
    requirePositive("top_n", topN);
    requirePositive("max_tokens_per_doc", maxTokensPerDoc);
    RankOptions options = RankOptions.DEFAULT.withMostOfEachText(maxTokensPerDoc);
    return ranker.rank(query, texts, "documents", options, untilWritten.keeper(http));
  }

  private static void requirePositive(String field, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new InvalidInput("`%s` must be at least 1. Given: %d".formatted(field, value));
    }
  }
}
