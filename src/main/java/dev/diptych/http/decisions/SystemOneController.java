package dev.diptych.http.decisions;

import dev.diptych.http.UntilWritten;
import dev.diptych.tasks.decision.Deciders;
import dev.diptych.tasks.decision.Decisions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Questions with a given set of answers, as TypeSafe's System One has them. */
@RestController
@Tag(
    name = "Decisions",
    description = "Questions with a given set of answers, put to a decoder or an encoder")
final class SystemOneController {

  private final Deciders deciders;
  private final UntilWritten untilWritten;

  SystemOneController(Deciders deciders, UntilWritten untilWritten) {
    this.deciders = deciders;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "Answers questions about a text with probabilities",
      description =
          "A noul asks whether something is so, a choice which option it is, a score which of"
              + " several levels. Nothing is generated. model says which model answers: one of"
              + " /v1/models, decoder or encoder for the default of that half, jev-latest or"
              + " nothing for that of diptych.decisions.default.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = DescribedRequest.class),
                      examples = @ExampleObject(DescribedRequest.EXAMPLE))))
  @ApiResponse(
      responseCode = "200",
      description = "The answers",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DecisionResponse.class)))
  @ApiResponse(
      responseCode = "default",
      description = "An error",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DecisionError.class)))
  @PostMapping("/v1/systemone")
  ResponseEntity<DecisionResponse> decide(@RequestBody JsonNode body, HttpServletRequest http)
      throws InterruptedException {
    DecisionRequest request = RequestReader.read(body, deciders.limits());
    Deciders.Chosen chosen = deciders.named(request.model());
    Decisions decisions =
        chosen.decider().decide(request.state(), request.questions(), untilWritten.keeper(http));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(DecisionResponse.of(chosen.model(), request.asked(), decisions));
  }
}
