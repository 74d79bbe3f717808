package dev.diptych.http.generate;

import dev.diptych.DiptychSettings;
import dev.diptych.encoding.Keeper;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.UntilWritten;
import dev.diptych.http.streaming.EventStream;
import dev.diptych.model.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Text generation, compatible with text-generation-inference. */
@Tag(name = "Generation", description = "Continues a text, as text-generation-inference does")
@ApiResponse(
    responseCode = "default",
    description = "An error",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = ErrorResponse.class)))
@RestController
final class GenerateController {

  private final ServedModels<TextGenerator> served;
  private final UntilWritten untilWritten;
  private final Duration heartbeat;

  GenerateController(
      ServedModels<TextGenerator> served, UntilWritten untilWritten, DiptychSettings settings) {
    this.served = served;
    this.untilWritten = untilWritten;
    this.heartbeat = settings.generation().heartbeat();
  }

  @Operation(summary = "Continues a text")
  @ApiResponse(
      responseCode = "200",
      description = "The continuation",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = GenerateResponse.class)))
  @PostMapping("/generate")
  ResponseEntity<GenerateResponse> generate(
      @RequestBody GenerateRequest request, HttpServletRequest http) throws InterruptedException {
    return answer(request, http, false);
  }

  @Operation(summary = "Continues a text and sends every token as a server-sent event")
  @ApiResponse(
      responseCode = "200",
      description = "One event for each token; the last has the whole text",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(anyOf = {StreamResponse.class, ErrorResponse.class})))
  @PostMapping("/generate_stream")
  ResponseEntity<EventStream> stream(@RequestBody GenerateRequest request) {
    return events(request, false);
  }

  @Operation(
      summary = "Continues a text; with stream, as /generate_stream does",
      description = "The answer is put into a list and includes the prompt unless refused.")
  @ApiResponse(
      responseCode = "200",
      description = "The continuation, or its events",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = GenerateResponse[].class)),
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(anyOf = {StreamResponse.class, ErrorResponse.class}))
      })
  @PostMapping("/")
  ResponseEntity<?> compatible(
      @RequestBody CompatibleGenerateRequest request, HttpServletRequest http)
      throws InterruptedException {
    if (request.wantsStream()) {
      return events(request.request(), true);
    }
    ResponseEntity<GenerateResponse> answer = answer(request.request(), http, true);
    GenerateResponse body = answer.getBody();
    return ResponseEntity.ok()
        .headers(answer.getHeaders())
        .body(body == null ? List.of() : List.of(body));
  }

  private ResponseEntity<GenerateResponse> answer(
      GenerateRequest request, HttpServletRequest http, boolean fullText)
      throws InterruptedException {
    GenerateParameters parameters = request.parametersOrNone();
    String prompt = request.prompt();
    Keeper keeper = untilWritten.keeper(http);
    TextGenerator generator = served.engine(request.model());
    Generation generation = generator.start(parameters.request(prompt));
    keeper.keep(generation::close);
    GenerationEvent.Finished finished = generation.result();
    String before = parameters.wantsFullText(fullText) ? prompt : "";
    return ResponseEntity.ok()
        .headers(
            GenerateHeaders.ofFinished(generation, finished, prompt, generator.facts().device()))
        .contentType(MediaType.APPLICATION_JSON)
        .body(GenerateResponse.of(finished, before, parameters.wantsDetails()));
  }

  private ResponseEntity<EventStream> events(GenerateRequest request, boolean fullText) {
    GenerateParameters parameters = request.parametersOrNone();
    String prompt = request.prompt();
    parameters.requireStreamable();
    String before = parameters.wantsFullText(fullText) ? prompt : "";
    TextGenerator generator = served.engine(request.model());
    Generation generation = generator.start(parameters.request(prompt));
    return ResponseEntity.ok()
        .headers(GenerateHeaders.ofStarted(generation, prompt, generator.facts().device()))
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .body(new TokenStream(generation, heartbeat, before, parameters.wantsDetailsOfStream()));
  }
}
