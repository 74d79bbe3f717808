package dev.diptych.http.embed;

import dev.diptych.DiptychException;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Embeddings;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.model.Served;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Embeddings in OpenAI's shape, always normalised, with the errors of the peer. */
@RestController
@Tag(name = "Embeddings")
final class OpenAiController {

  private final Served<Embedder> served;

  OpenAiController(Served<Embedder> served) {
    this.served = served;
  }

  @Operation(summary = "One vector per text, in OpenAI's shape")
  @ApiResponse(responseCode = "200", description = "The vectors")
  @ApiResponse(
      responseCode = "4XX",
      description = "The request cannot be answered",
      content = @Content(schema = @Schema(implementation = OpenAiError.class)))
  @ApiResponse(
      responseCode = "503",
      description = "The model is not ready",
      content = @Content(schema = @Schema(implementation = OpenAiError.class)))
  @PostMapping({"/v1/embeddings", "/embeddings"})
  ResponseEntity<OpenAiResponse> embeddings(@Valid @RequestBody OpenAiRequest request) {
    Embedder embedder = served.engine();
    Embeddings embeddings =
        embedder.embed(
            request.input().items(),
            TextOptions.DEFAULT,
            new VectorOptions(true, request.dimensions()));
    return ComputeHeaders.answer(
        embedder.facts().device(),
        embeddings.metrics(),
        OpenAiResponse.of(
            embedder.facts().name(),
            embeddings,
            request.encodingFormat() == OpenAiRequest.Format.BASE64));
  }

  @ExceptionHandler
  ResponseEntity<OpenAiError> failed(DiptychException cause) {
    Failure failure = Failure.of(cause);
    return failure.answer(
        new OpenAiError(failure.message(), failure.status().value(), failure.type()));
  }
}
