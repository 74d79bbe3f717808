package dev.diptych.http.huggingface;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Embeddings;
import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Hugging Face's feature-extraction task. */
@RestController
@HuggingFaceTask
final class FeatureExtractionController {

  private final ServedModels<Embedder> served;
  private final UntilWritten untilWritten;

  FeatureExtractionController(ServedModels<Embedder> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "One vector per text",
      description = "A list of vectors, also where there is only one text.")
  @ApiResponse(responseCode = "200", description = "Vectors")
  @PostMapping("/feature-extraction")
  ResponseEntity<float[][]> extract(
      @Valid @RequestBody FeatureExtractionRequest request, HttpServletRequest http) {
    Embedder embedder = served.engine(request.model());
    Embeddings embeddings =
        embedder.embed(
            request.items(), request.text(), request.vector(), untilWritten.keeper(http));
    return ComputeHeaders.answer(
        embedder.facts().device(), embeddings.metrics(), embeddings.vectors());
  }
}
