package dev.diptych.http.embed;

import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.Ranker;
import dev.diptych.tasks.Ranking;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Texts ranked for a query, in the dialect of text-embeddings-inference. */
@RestController
@Tag(name = "Embeddings")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorBody.class)))
final class RerankController {

  private final ServedModels<Ranker> served;
  private final UntilWritten untilWritten;

  RerankController(ServedModels<Ranker> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "Texts by how well they answer a query, best first")
  @ApiResponse(responseCode = "200", description = "All texts by their places in the request")
  @PostMapping("/rerank")
  ResponseEntity<List<Rank>> rerank(
      @Valid @RequestBody RerankRequest request, HttpServletRequest http) {
    Ranker ranker = TaskModel.of(served, request.model(), "a re-ranker model");
    List<String> texts = request.texts();
    Ranking ranking =
        ranker.rank(request.query(), texts, "texts", request.options(), untilWritten.keeper(http));
    float[] scores = ranking.scores(request.isRaw());
    return ComputeHeaders.answer(
        ranker.facts().device(),
        ranking.metrics(),
        Arrays.stream(ranking.best(texts.size()))
            .mapToObj(
                text -> new Rank(text, request.tellsTexts() ? texts.get(text) : null, scores[text]))
            .toList());
  }
}
