package dev.diptych.http.huggingface;

import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.QuestionAnswerer;
import dev.diptych.tasks.TextAnswer;
import io.swagger.v3.oas.annotations.Operation;
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

/** Hugging Face's question-answering task. */
@RestController
@HuggingFaceTask
final class QuestionAnsweringController {

  private final ServedModels<QuestionAnswerer> served;
  private final UntilWritten untilWritten;

  QuestionAnsweringController(ServedModels<QuestionAnswerer> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "The answer to a question, as it stands in a text",
      description =
          "One answer stands alone, several in a list, those to several questions in a list of"
              + " such. A list with one question is answered as the question alone. `start` and"
              + " `end` count code points.")
  @ApiResponse(
      responseCode = "200",
      description = "Answers, best first",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = TextAnswer.class)))
  @PostMapping("/question-answering")
  ResponseEntity<Object> answer(
      @Valid @RequestBody QuestionAnsweringRequest request, HttpServletRequest http) {
    List<Object> answers =
        served
            .engine(request.model())
            .answer(request.inputs().questions(), request.options(), untilWritten.keeper(http))
            .stream()
            .map(QuestionAnsweringController::oneAlone)
            .toList();
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(oneAlone(answers));
  }

  private static Object oneAlone(List<?> answers) {
    return answers.size() == 1 ? answers.getFirst() : answers;
  }
}
