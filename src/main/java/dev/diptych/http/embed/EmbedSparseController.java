package dev.diptych.http.embed;

import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.SparseEmbedder;
import dev.diptych.tasks.SparseEmbeddings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Sparse vectors of texts, in the dialect of text-embeddings-inference. */
@RestController
@Tag(name = "Embeddings")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorBody.class)))
final class EmbedSparseController {

  private final ServedModels<SparseEmbedder> served;
  private final UntilWritten untilWritten;

  EmbedSparseController(ServedModels<SparseEmbedder> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "One sparse vector per text, over the vocabulary (SPLADE)")
  @ApiResponse(responseCode = "200", description = "The numbers that are not zero")
  @PostMapping("/embed_sparse")
  ResponseEntity<List<List<SparseValues.Value>>> embedSparse(
      @Valid @RequestBody EmbedAllRequest request, HttpServletRequest http) {
    SparseEmbedder embedder =
        TaskModel.of(served, request.model(), "an embedding model with SPLADE pooling");
    SparseEmbeddings embeddings =
        embedder.embed(request.inputs().items(), request.text(), untilWritten.keeper(http));
    return ComputeHeaders.answer(
        embedder.facts().device(),
        embeddings.metrics(),
        embeddings.vectors().stream().<List<SparseValues.Value>>map(SparseValues::new).toList());
  }
}
