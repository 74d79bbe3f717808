package dev.diptych.http.embed;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.TextToken;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
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

/** Texts to tokens and back, with the embedding model's tokenizer. */
@RestController
@Tag(name = "Embeddings")
@ApiResponse(responseCode = "200", description = "The result")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorBody.class)))
final class TokenController {

  private final ServedModels<Embedder> served;
  private final UntilWritten untilWritten;

  TokenController(ServedModels<Embedder> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "The tokens of each text, with the UTF-8 bytes that they cover")
  @PostMapping("/tokenize")
  ResponseEntity<List<List<TextToken>>> tokenize(
      @Valid @RequestBody TokenizeRequest request, HttpServletRequest http) {
    boolean addSpecialTokens = request.addSpecialTokens() == null || request.addSpecialTokens();
    return json(
        served
            .engine(request.model())
            .tokenize(
                request.inputs(),
                addSpecialTokens,
                request.promptName(),
                untilWritten.keeper(http)));
  }

  @Operation(summary = "The text of token ids")
  @PostMapping("/decode")
  ResponseEntity<List<String>> decode(
      @Valid @RequestBody DecodeRequest request, HttpServletRequest http) {
    boolean skipSpecialTokens = request.skipSpecialTokens() == null || request.skipSpecialTokens();
    return json(
        served
            .engine(request.model())
            .decode(request.ids().lists(), skipSpecialTokens, untilWritten.keeper(http)));
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
