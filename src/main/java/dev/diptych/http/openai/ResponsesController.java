package dev.diptych.http.openai;

import dev.diptych.DiptychSettings;
import dev.diptych.generation.Completion;
import dev.diptych.generation.FinishReason;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers conversations that come as items, and keeps nothing of them. */
@RestController
@Tag(name = "OpenAI")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = OpenAiError.class)))
final class ResponsesController {

  private final ServedModels<TextGenerator> served;
  private final Models models;
  private final UntilWritten untilWritten;
  private final DiptychSettings.Generation settings;

  ResponsesController(
      ServedModels<TextGenerator> served,
      Models models,
      UntilWritten untilWritten,
      DiptychSettings settings) {
    this.served = served;
    this.models = models;
    this.untilWritten = untilWritten;
    this.settings = settings.generation();
  }

  @Operation(
      summary = "Answers a conversation of items",
      description =
          "The stateless part of OpenAI's Responses: each request brings the whole conversation."
              + " With stream, each part of the answer is a server-sent event with a name.")
  @ApiResponse(
      responseCode = "200",
      description = "The answer, or its events",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ResponseBody.class)),
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(implementation = ResponseEvent.class))
      })
  @PostMapping({"/v1/responses", "/responses"})
  ResponseEntity<?> respond(@RequestBody ResponsesRequest request, HttpServletRequest http)
      throws InterruptedException {
    ChatAsk ask = request.ask();
    Served<TextGenerator> named = models.named(request.model(), served);
    TextGenerator generator = named.engine();
    generator.requireRoom();
    ChatTurn turn = ChatTurn.of(ask, generator, settings);
    ResponseBody begun = ResponseBody.begun(Identity.of("resp_", named.name()), request);
    Generation generation = generator.start(turn.request());
    if (request.wantsStream()) {
      return ResponseEntity.ok()
          .contentType(MediaType.TEXT_EVENT_STREAM)
          .body(new ResponsesStream(generation, settings.heartbeat(), begun, turn.reader()));
    }
    untilWritten.keeper(http).keep(generation::close);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(whole(generation, begun, turn.reader()));
  }

  private static ResponseBody whole(Generation generation, ResponseBody begun, AnswerReader reader)
      throws InterruptedException {
    GenerationEvent.Finished finished = generation.result();
    Completion completion = finished.completion();
    boolean isWhole = completion.finishReason() != FinishReason.LENGTH;
    ResponseOutput output = new ResponseOutput();
    output.add(reader.finish(completion));
    output.finish(isWhole);
    return begun.ended(
        isWhole,
        output.items(),
        ResponseBody.Used.of(
            generation.promptTokens(),
            finished.cachedPromptTokens(),
            completion.tokens().size(),
            reader.reasoningTokens()));
  }
}
