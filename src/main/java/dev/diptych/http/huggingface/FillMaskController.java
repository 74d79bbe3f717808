package dev.diptych.http.huggingface;

import dev.diptych.encoding.FilledMask;
import dev.diptych.encoding.MaskFiller;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.ServedModels;
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

/** Hugging Face's fill-mask task. */
@RestController
@HuggingFaceTask
final class FillMaskController {

  private final ServedModels<MaskFiller> served;
  private final UntilWritten untilWritten;

  FillMaskController(ServedModels<MaskFiller> served, UntilWritten untilWritten) {
    this.served = served;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "Candidates for the masks of a text",
      description =
          "One mask gives a list of candidates, several masks a list of lists, several texts a list"
              + " of those. A list with one text is answered as the text alone.")
  @ApiResponse(
      responseCode = "200",
      description = "Candidates, best first",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              array = @ArraySchema(schema = @Schema(implementation = FilledMask.class))))
  @PostMapping("/fill-mask")
  ResponseEntity<List<?>> fillMask(
      @Valid @RequestBody FillMaskRequest request, HttpServletRequest http) {
    List<List<?>> texts =
        served
            .engine(request.model())
            .fill(request.inputs().texts(), request.options(), untilWritten.keeper(http))
            .stream()
            .<List<?>>map(masks -> masks.size() == 1 ? masks.getFirst() : masks)
            .toList();
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(texts.size() == 1 ? texts.getFirst() : texts);
  }
}
