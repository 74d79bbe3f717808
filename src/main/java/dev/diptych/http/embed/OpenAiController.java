package dev.diptych.http.embed;

import dev.diptych.DiptychException;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Embeddings;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.Served;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import org.springframework.http.MediaType;
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
  private final UntilWritten untilWritten;

  OpenAiController(Served<Embedder> served, UntilWritten untilWritten) {
    this.served = served;
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
  ResponseEntity<OpenAiResponse> embeddings(
      @Valid @RequestBody OpenAiRequest request, HttpServletRequest http) {
    Embedder embedder = served.engine();
    Embeddings embeddings =
        embedder.embed(
            request.input().items(),
            TextOptions.DEFAULT,
            new VectorOptions(true, request.dimensions()),
            untilWritten.keeper(http));
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
