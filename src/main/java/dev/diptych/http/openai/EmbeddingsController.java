package dev.diptych.http.openai;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Embeddings;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Texts as vectors, always normalised. */
@RestController
@Tag(name = "OpenAI")
final class EmbeddingsController {

  private final ServedModels<Embedder> served;
  private final Models models;
  private final UntilWritten untilWritten;

  EmbeddingsController(ServedModels<Embedder> served, Models models, UntilWritten untilWritten) {
    this.served = served;
    this.models = models;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "One vector per text, in OpenAI's shape")
  @ApiResponse(responseCode = "200", description = "The vectors")
  @ApiResponse(
      responseCode = "default",
      description = "An error",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = OpenAiError.class)))
  @PostMapping({"/v1/embeddings", "/embeddings"})
  ResponseEntity<EmbeddingsResponse> embeddings(
      @Valid @RequestBody EmbeddingsRequest request, HttpServletRequest http) {
    Served<Embedder> named = models.named(request.model(), served);
    Embedder embedder = named.engine();
    Embeddings embeddings =
        embedder.embed(
            request.input().items(),
            TextOptions.DEFAULT,
            new VectorOptions(true, request.dimensions()),
            untilWritten.keeper(http));
    return ComputeHeaders.answer(
        embedder.facts().device(),
        embeddings.metrics(),
        EmbeddingsResponse.of(
            named.name(), embeddings, request.encodingFormat() == EmbeddingsRequest.Format.BASE64));
  }
}
