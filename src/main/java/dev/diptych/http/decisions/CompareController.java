package dev.diptych.http.decisions;

import dev.diptych.DiptychSettings.Decisions.Half;
import dev.diptych.encoding.Keeper;
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
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The same questions for both halves of the Transformer. */
@RestController
@Tag(name = "Decisions")
final class CompareController {

  private final Deciders deciders;
  private final UntilWritten untilWritten;

  CompareController(Deciders deciders, UntilWritten untilWritten) {
    this.deciders = deciders;
    this.untilWritten = untilWritten;
  }

  @Operation(
      summary = "Puts questions to a decoder and to an encoder, side by side",
      description =
          "Questions as for /v1/systemone. The decoder answers first, then the encoder, so that"
              + " neither time has the other in it; what a decoder has read before it need not"
              + " compute again.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = DescribedComparison.class),
                      examples = @ExampleObject(DescribedComparison.EXAMPLE))))
  @ApiResponse(
      responseCode = "200",
      description = "The answers of both",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = CompareResponse.class)))
  @ApiResponse(
      responseCode = "default",
      description = "An error",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = DecisionError.class)))
  @PostMapping("/compare")
  ResponseEntity<CompareResponse> compare(@RequestBody JsonNode body, HttpServletRequest http)
      throws InterruptedException {
    CompareRequest request = RequestReader.readComparison(body, deciders.limits());
    Deciders.Chosen decoder = deciders.of(Half.DECODER, request.decoder());
    Deciders.Chosen encoder = deciders.of(Half.ENCODER, request.encoder());
    Keeper keeper = untilWritten.keeper(http);
    CompareResponse.Half ofDecoder = answered(decoder, request, keeper);
    CompareResponse.Half ofEncoder = answered(encoder, request, keeper);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(CompareResponse.of(request.asked(), ofDecoder, ofEncoder));
  }

  private static CompareResponse.Half answered(
      Deciders.Chosen chosen, CompareRequest request, Keeper keeper) throws InterruptedException {
    long start = System.nanoTime();
    Decisions decisions =
        chosen.decider().decide(request.state(), Asked.questions(request.asked()), keeper);
    return new CompareResponse.Half(chosen, decisions, Duration.ofNanos(System.nanoTime() - start));
  }
}
