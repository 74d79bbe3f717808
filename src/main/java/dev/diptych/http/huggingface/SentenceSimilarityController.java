package dev.diptych.http.huggingface;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Similarities;
import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.SimilarityRequest;
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

/** Hugging Face's sentence-similarity task. */
@RestController
@HuggingFaceTask
final class SentenceSimilarityController {

  private final ServedModels<Embedder> served;
  private final UntilWritten untilWritten;

  SentenceSimilarityController(ServedModels<Embedder> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(summary = "Cosine between a sentence and others")
  @ApiResponse(responseCode = "200", description = "A number for each of the others")
  @PostMapping("/sentence-similarity")
  ResponseEntity<float[]> compare(
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
