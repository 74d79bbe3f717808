package dev.diptych.http.openai;

import dev.diptych.InvalidInput;
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
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Questions with a given set of answers, as OpenAI's Decisions has them. */
@RestController
@Tag(name = "OpenAI")
final class DecisionsController {

  private final Deciders deciders;
  private final UntilWritten untilWritten;

  DecisionsController(Deciders deciders, UntilWritten untilWritten) {
    this.deciders = deciders;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "Answers questions about an input with probabilities",
      description =
          "A predicate asks whether something is so, a choice which of several values it is, a"
              + " score which of several levels. Nothing is generated. model says which model"
              + " answers: one of /v1/models, decoder or encoder for the default of that half, or"
              + " nothing for that of diptych.decisions.default.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = DescribedDecisions.class),
                      examples = @ExampleObject(DescribedDecisions.EXAMPLE))))
  @ApiResponse(
      responseCode = "200",
      description = "The answers, in the order of the questions",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DecisionsResponse.class)))
  @ApiResponse(
      responseCode = "default",
      description = "An error",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = OpenAiError.class)))
  @PostMapping({"/v1/decisions", "/decisions"})
  ResponseEntity<DecisionsResponse> decide(@RequestBody JsonNode body, HttpServletRequest http)
      throws InterruptedException {
    DecisionsRequest request = DecisionsRequest.of(body, deciders.limits());
    Deciders.Chosen chosen = chosen(request.model());
    Decisions decisions =
        chosen
            .decider()
            .decide(
                request.input(),
                request.questions().stream().map(DecisionQuestion::question).toList(),
                untilWritten.keeper(http));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(DecisionsResponse.of(chosen.model(), request.questions(), decisions));
  }

  private Deciders.Chosen chosen(@Nullable String model) {
    try {
      return deciders.named(model);
    } catch (InvalidInput e) {
      throw e.kind() == InvalidInput.Kind.UNKNOWN_MODEL
          ? Refusal.noModel(String.valueOf(e.getMessage()))
          : e;
    }
  }
}
