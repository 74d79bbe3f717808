package dev.diptych.http.openai;

import dev.diptych.DiptychSettings;
import dev.diptych.Overloaded;
import dev.diptych.generation.Completion;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.Prompt;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.UntilWritten;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import dev.diptych.sampling.SamplingParameters;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Continues texts. */
@RestController
@Tag(name = "OpenAI")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = OpenAiError.class)))
final class CompletionsController {

  private final ServedModels<TextGenerator> served;
  private final Models models;
  private final UntilWritten untilWritten;
  private final DiptychSettings.Generation settings;

  CompletionsController(
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
      summary = "Continues texts",
      description = "With stream, each part of a text is a server-sent event.")
  @ApiResponse(
      responseCode = "200",
      description = "The texts, or their events, of which the last is [DONE]",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = CompletionsResponse.class)),
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(anyOf = {CompletionsResponse.class, OpenAiError.class}))
      })
  @PostMapping({"/v1/completions", "/completions"})
  ResponseEntity<?> complete(@RequestBody CompletionsRequest request, HttpServletRequest http)
      throws InterruptedException {
    request.check();
    Served<TextGenerator> named = models.named(request.model(), served);
    TextGenerator generator = named.engine();
    Identity identity = Identity.of("cmpl-", named.name());
    List<Prompt> prompts = request.prompts();
    List<Generation> generations = start(request, prompts, generator);
    TokenSpelling spelling = TokenSpelling.of(generator);
    if (request.wantsStream()) {
      return ResponseEntity.ok()
          .contentType(MediaType.TEXT_EVENT_STREAM)
          .body(
              new CompletionsStream(
                  generations, settings.heartbeat(), identity, request, prompts, spelling));
    }
    generations.forEach(generation -> untilWritten.keeper(http).keep(generation::close));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(whole(generations, identity, request, prompts, spelling));
  }

  /** All of them, or none if one cannot be. */
  private static List<Generation> start(
      CompletionsRequest request, List<Prompt> prompts, TextGenerator generator) {
    SamplingParameters sampling = request.sampling().parameters(generator.defaults().sampling());
    List<Generation> generations = new ArrayList<>(prompts.size());
    try {
      for (Prompt prompt : prompts) {
        generations.add(
            generator.start(
                new GenerationRequest(
                    prompt,
                    request.longest(),
                    null,
                    sampling,
                    request.ending(),
                    request.choices(),
                    request.report(prompt),
                    OutputShape.of(request.responseFormat(), request.others()))));
      }
      return generations;
    } catch (Overloaded e) {
      boolean isByItself = generator.activeGenerations() == generations.size();
      generations.forEach(Generation::close);
      if (isByItself && !generations.isEmpty()) { // then another try would end the same way
        throw Refusal.value(
            "prompt",
            "the %d texts of `prompt` have no room beside each other; send %d at once. %s"
                .formatted(prompts.size(), generations.size(), e.getMessage()));
      }
      throw e;
    } catch (RuntimeException | Error e) {
      generations.forEach(Generation::close);
      throw e;
    }
  }

  private static CompletionsResponse whole(
      List<Generation> generations,
      Identity identity,
      CompletionsRequest request,
      List<Prompt> prompts,
      TokenSpelling spelling)
      throws InterruptedException {
    List<CompletionsResponse.Choice> choices = new ArrayList<>();
    Usage usage = Usage.NONE;
    for (int i = 0; i < generations.size(); i++) {
      GenerationEvent.Finished finished = generations.get(i).result();
      for (Completion completion : finished.completions()) {
        String echo =
            request.wantsEcho()
                ? EchoedPrompt.text(prompts.get(i), completion.prompt(), spelling)
                : "";
        choices.add(
            new CompletionsResponse.Choice(
                choices.size(),
                echo + completion.text(),
                request.logprobs() == null ? null : logprobs(request, completion, spelling),
                AnswerReader.reason(completion)));
      }
      usage =
          usage.plus(
              Usage.of(
                  generations.get(i).promptTokens(),
                  drawnTokens(finished),
                  finished.cachedPromptTokens()));
    }
    return CompletionsResponse.of(identity, choices, usage);
  }

  private static TextLogprobs logprobs(
      CompletionsRequest request, Completion completion, TokenSpelling spelling) {
    TextLogprobs.Builder logprobs = new TextLogprobs.Builder(spelling);
    if (request.wantsEcho()) {
      logprobs.add(completion.prompt(), completion.promptTop());
    }
    return logprobs.add(completion.tokens(), completion.topTokens()).take();
  }

  private static int drawnTokens(GenerationEvent.Finished finished) {
    int tokens = 0;
    for (Completion completion : finished.completions()) {
      tokens += completion.tokens().size();
    }
    for (Completion completion : finished.others()) {
      tokens += completion.tokens().size();
    }
    return tokens;
  }
}
