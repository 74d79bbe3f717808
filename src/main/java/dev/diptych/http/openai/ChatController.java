package dev.diptych.http.openai;

import dev.diptych.DiptychSettings;
import dev.diptych.generation.Completion;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.UntilWritten;
import dev.diptych.http.streaming.EventStream;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers conversations. */
@RestController
@Tag(name = "OpenAI")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = OpenAiError.class)))
final class ChatController {

  private final ServedModels<TextGenerator> served;
  private final Models models;
  private final UntilWritten untilWritten;
  private final DiptychSettings.Generation settings;

  ChatController(
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
      summary = "Answers a conversation",
      description = "With stream, each part of the answer is a server-sent event.")
  @ApiResponse(
      responseCode = "200",
      description = "The answer, or its events, of which the last is [DONE]",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ChatResponse.class)),
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(anyOf = {ChatChunk.class, OpenAiError.class}))
      })
  @PostMapping({"/v1/chat/completions", "/chat/completions"})
  ResponseEntity<?> answer(@RequestBody ChatRequest request, HttpServletRequest http)
      throws InterruptedException {
    ChatAsk ask = request.ask();
    Served<TextGenerator> named = models.named(request.model(), served);
    TextGenerator generator = named.engine();
    generator.requireRoom();
    ChatTurn turn = ChatTurn.of(ask, generator, settings);
    Identity identity = Identity.of("chatcmpl-", named.name());
    Generation generation = generator.start(turn.request());
    if (request.wantsStream()) {
      return events(generation, identity, request, turn);
    }
    untilWritten.keeper(http).keep(generation::close);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(whole(generation, identity, request, turn));
  }

  private ResponseEntity<EventStream> events(
      Generation generation, Identity identity, ChatRequest request, ChatTurn turn) {
    Duration heartbeat = settings.heartbeat();
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .body(
            new ChatStream(
                generation, heartbeat, identity, request, turn::reader, turn.spelling()));
  }

  private static ChatResponse whole(
      Generation generation, Identity identity, ChatRequest request, ChatTurn turn)
      throws InterruptedException {
    GenerationEvent.Finished finished = generation.result();
    List<ChatResponse.Choice> choices = new ArrayList<>();
    int tokens = 0;
    for (Completion completion : finished.completions()) {
      AnswerReader reader = turn.reader();
      choices.add(
          new ChatResponse.Choice(
              choices.size(),
              new AnswerParts().add(reader.finish(completion)).message(),
              request.wantsLogprobs() ? logprobs(completion, turn.spelling()) : null,
              reader.finishReason(completion)));
      tokens += completion.tokens().size();
    }
    return ChatResponse.of(
        identity,
        choices,
        Usage.of(generation.promptTokens(), tokens, finished.cachedPromptTokens()));
  }

  private static TokenLogprob.Content logprobs(Completion completion, TokenSpelling spelling) {
    List<TokenLogprob> tokens = new ArrayList<>(completion.tokens().size());
    for (int i = 0; i < completion.tokens().size(); i++) {
      List<GeneratedToken> top =
          completion.topTokens().isEmpty() ? List.of() : completion.topTokens().get(i);
      tokens.add(TokenLogprob.of(completion.tokens().get(i), top, spelling));
    }
    return TokenLogprob.Content.of(tokens);
  }
}
