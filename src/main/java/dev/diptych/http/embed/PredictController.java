package dev.diptych.http.embed;

import dev.diptych.http.ComputeHeaders;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.Classification;
import dev.diptych.tasks.TextClassifier;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The labels of texts, in the dialect of text-embeddings-inference. */
@RestController
@Tag(name = "Embeddings")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorBody.class)))
final class PredictController {

  private final ServedModels<TextClassifier> served;
  private final UntilWritten untilWritten;

  PredictController(ServedModels<TextClassifier> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "The labels of texts, or of pairs of texts",
      description =
          "Every label with its score, the best first: one list for a single text or pair, and a"
              + " list of lists for a batch.")
  @ApiResponse(
      responseCode = "200",
      description = "The labels",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              array = @ArraySchema(schema = @Schema(implementation = Prediction.class))))
  @PostMapping("/predict")
  ResponseEntity<List<?>> predict(
      @Valid @RequestBody PredictRequest request, HttpServletRequest http) {
    TextClassifier classifier = TaskModel.of(served, request.model(), "a classifier model");
    Classification classification =
        classifier.classify(request.inputs().items(), request.options(), untilWritten.keeper(http));
    return ComputeHeaders.answer(
        classifier.facts().device(),
        classification.metrics(),
        request.inputs().single()
            ? Prediction.of(classification, 0, request.isRaw())
            : IntStream.range(0, classification.logits().length)
                .mapToObj(text -> Prediction.of(classification, text, request.isRaw()))
                .toList());
  }
}
