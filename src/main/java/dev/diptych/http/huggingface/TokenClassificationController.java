package dev.diptych.http.huggingface;

import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
import dev.diptych.tasks.EntityTag;
import dev.diptych.tasks.Tag;
import dev.diptych.tasks.Tagger;
import dev.diptych.tasks.TokenTag;
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

/** Hugging Face's token-classification task. */
@RestController
@HuggingFaceTask
final class TokenClassificationController {

  private final ServedModels<Tagger> served;
  private final UntilWritten untilWritten;

  TokenClassificationController(ServedModels<Tagger> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "Tags of a text's words, such as names of people and places",
      description =
          "A text gives a list of tags, a list of texts a list of those. `start` and `end` count"
              + " code points.")
  @ApiResponse(
      responseCode = "200",
      description = "Tags, in the order of the text",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              array = @ArraySchema(schema = @Schema(oneOf = {TokenTag.class, EntityTag.class}))))
  @PostMapping("/token-classification")
  ResponseEntity<Object> tag(
      @Valid @RequestBody TokenClassificationRequest request, HttpServletRequest http) {
    List<List<Tag>> tags =
        served
            .engine(request.model())
            .tag(request.inputs().values(), request.options(), untilWritten.keeper(http));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(request.inputs().answer(tags));
  }
}
