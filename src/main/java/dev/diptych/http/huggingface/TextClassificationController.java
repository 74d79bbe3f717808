package dev.diptych.http.huggingface;

import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.Classification;
import dev.diptych.tasks.ClassifierOptions;
import dev.diptych.tasks.LabelScore;
import dev.diptych.tasks.TextClassifier;
import dev.diptych.tasks.TextLabels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Hugging Face's text-classification task. */
@RestController
@HuggingFaceTask
final class TextClassificationController {

  private final ServedModels<TextClassifier> served;
  private final UntilWritten untilWritten;

  TextClassificationController(ServedModels<TextClassifier> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "The labels of a text, or of a pair of texts",
      description = "A list of labels for each text, also where there is only one.")
  @ApiResponse(
      responseCode = "200",
      description = "Labels, best first",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              array = @ArraySchema(schema = @Schema(implementation = LabelScore.class))))
  @PostMapping("/text-classification")
  ResponseEntity<List<List<LabelScore>>> classify(
      @Valid @RequestBody TextClassificationRequest request, HttpServletRequest http) {
    TextLabels labels = request.labels();
    Classification classification =
        served
            .engine(request.model())
            .classify(
                request.inputs().items(), ClassifierOptions.DEFAULT, untilWritten.keeper(http));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(labels.of(classification));
  }
}
