package dev.diptych.http.embed;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Embeddings;
import dev.diptych.encoding.Similarities;
import dev.diptych.encoding.TokenEmbeddings;
import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.SimilarityRequest;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
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

/** Vectors of texts, in the dialect of text-embeddings-inference. */
@RestController
@Tag(
    name = "Embeddings",
    description = "Texts as vectors, as text-embeddings-inference serves them")
@ApiResponse(responseCode = "200", description = "The result")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorBody.class)))
final class EmbedController {

  private final ServedModels<Embedder> served;
  private final UntilWritten untilWritten;

  EmbedController(ServedModels<Embedder> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "One vector per text")
  @PostMapping({"/embed", "/invocations"})
  ResponseEntity<float[][]> embed(
      @Valid @RequestBody EmbedRequest request, HttpServletRequest http) {
    Embedder embedder = served.engine(request.model());
    Embeddings embeddings =
        embedder.embed(
            request.inputs().items(), request.text(), request.vector(), untilWritten.keeper(http));
    return ComputeHeaders.answer(
        embedder.facts().device(), embeddings.metrics(), embeddings.vectors());
  }

  @Operation(summary = "One vector per token, special tokens included")
  @PostMapping("/embed_all")
  ResponseEntity<List<List<float[]>>> embedAll(
      @Valid @RequestBody EmbedAllRequest request, HttpServletRequest http) {
    Embedder embedder = served.engine(request.model());
    TokenEmbeddings embeddings =
        embedder.embedTokens(request.inputs().items(), request.text(), untilWritten.keeper(http));
    List<List<float[]>> states =
        Arrays.stream(embeddings.states())
            .<List<float[]>>map(input -> new TokenVectors(input, embeddings.hiddenSize()))
            .toList();
    return ComputeHeaders.answer(embedder.facts().device(), embeddings.metrics(), states);
  }

  @Operation(summary = "Cosine between a sentence and others")
  @PostMapping("/similarity")
  ResponseEntity<float[]> similarity(
      @Valid @RequestBody SimilarityRequest request, HttpServletRequest http) {
    Embedder embedder = served.engine(request.model());
    Similarities similarities =
        embedder.similarities(
            request.inputs().sourceSentence(),
            request.inputs().sentences(),
            request.text(),
            untilWritten.keeper(http));
    return ComputeHeaders.answer(
        embedder.facts().device(), similarities.metrics(), similarities.cosines());
  }
}
