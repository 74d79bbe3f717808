package dev.diptych.http.huggingface;

import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.LabelScore;
import dev.diptych.tasks.TextClassifier;
import dev.diptych.tasks.ZeroShotClassifier;
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

/** Hugging Face's zero-shot-classification task. */
@RestController
@HuggingFaceTask
final class ZeroShotClassificationController {

  private final ServedModels<TextClassifier> served;
  private final UntilWritten untilWritten;

  ZeroShotClassificationController(ServedModels<TextClassifier> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "Which of the given labels a text has",
      description =
          "By a classifier that knows entailment (NLI). A text gives a list of labels, a list of"
              + " texts a list of those.")
  @ApiResponse(
      responseCode = "200",
      description = "Labels, best first",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              array = @ArraySchema(schema = @Schema(implementation = LabelScore.class))))
  @PostMapping("/zero-shot-classification")
  ResponseEntity<Object> classify(
      @Valid @RequestBody ZeroShotClassificationRequest request, HttpServletRequest http) {
    List<List<LabelScore>> labels =
        new ZeroShotClassifier(served.engine(request.model()))
            .classify(request.inputs().values(), request.options(), untilWritten.keeper(http));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(request.inputs().answer(labels));
  }
}
