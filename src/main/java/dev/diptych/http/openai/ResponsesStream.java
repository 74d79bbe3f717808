package dev.diptych.http.openai;

import dev.diptych.generation.Completion;
import dev.diptych.generation.FinishReason;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationEvent;
import java.time.Duration;
import java.util.List;

/** A response as the events of {@code /v1/responses}. */
final class ResponsesStream extends GenerationStream {

  private final ResponseBody begun;
  private final AnswerReader reader;
  private final int promptTokens;
  private final ResponseOutput output = new ResponseOutput();
  private boolean started;
  private int told;

  ResponsesStream(
      Generation generation, Duration heartbeat, ResponseBody begun, AnswerReader reader) {
    super(List.of(generation), heartbeat, FieldNames.RESPONSES);
    this.begun = begun;
    this.reader = reader;
    this.promptTokens = generation.promptTokens();
  }

  @Override
  void on(int generation, GenerationEvent event) {
    if (!started) {
      started = true;
      tell(ResponseEvent.of("created", begun), false);
      tell(ResponseEvent.of("in_progress", begun), false);
    }
    switch (event) {
      case GenerationEvent.Token(int _, int _, GeneratedToken token, var _) ->
          tell(output.add(reader.read(token)));
      case GenerationEvent.Finished finished -> {
        Completion completion = finished.completion();
        boolean isWhole = completion.finishReason() != FinishReason.LENGTH;
        tell(output.add(reader.finish(completion)));
        tell(output.finish(isWhole));
        ResponseBody ended =
            begun.ended(
                isWhole,
                output.items(),
                ResponseBody.Used.of(
                    promptTokens,
                    finished.cachedPromptTokens(),
                    completion.tokens().size(),
                    reader.reasoningTokens()));
        tell(ResponseEvent.of(ended.status(), ended), true);
      }
      default -> {} // the only answer ends with everything
    }
  }

  @Override
  void end() {}

  @Override
  public Event failure(RuntimeException cause) {
    ResponseEvent failed =
        ResponseEvent.of("failed", begun.failed(error(cause), output.items())).at(told++);
    return new Event(failed, true, "response.failed");
  }

  private void tell(List<ResponseEvent> events) {
    events.forEach(event -> tell(event, false));
  }

  private void tell(ResponseEvent event, boolean last) {
    tell(event.at(told++), last, String.valueOf(event.type()));
  }
}
