package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event of a streamed chat.
 *
 * @param choices none in the event that tells the usage
 * @param usage only if it was asked for, and then null but in the last event
 */
record ChatChunk(
    @Schema(example = "chatcmpl-0f3c8ff6") String id,
    @Schema(example = "chat.completion.chunk") String object,
    long created,
    String model,
    List<Choice> choices,
    @Schema(implementation = Usage.class) @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Object usage) {

  /** What one of the answers goes on with. */
  @Schema(name = "ChatChunkChoice")
  record Choice(
      int index,
      Delta delta,
      TokenLogprob.@Nullable Content logprobs,
      @Schema(allowableValues = {"stop", "length", "tool_calls"}) @Nullable String finishReason) {}

  /** What is new; the role comes with the first event. */
  @Schema(name = "ChatDelta")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Delta(
      @Nullable String role,
      @Nullable String content,
      @Nullable String reasoningContent,
      @Nullable List<Call> toolCalls) {

    static final Delta ROLE = new Delta("assistant", "", null, null);
    static final Delta NOTHING = new Delta(null, null, null, null);

    static Delta content(String text) {
      return new Delta(null, text, null, null);
    }

    static Delta reasoning(String text) {
      return new Delta(null, null, text, null);
    }

    static Delta call(Call call) {
      return new Delta(null, null, null, List.of(call));
    }
  }

  /** A call that begins, with its name, or goes on, with its arguments. */
  @Schema(name = "ChatDeltaCall")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Call(int index, @Nullable String id, @Nullable String type, ChatChunk.Function function) {

    static Call begin(int index, String id, String name) {
      return new Call(index, id, "function", new ChatChunk.Function(name, ""));
    }

    static Call goOn(int index, String arguments) {
      return new Call(index, null, null, new ChatChunk.Function(null, arguments));
    }
  }

  /** The function of a call. */
  @Schema(name = "ChatDeltaFunction")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Function(@Nullable String name, String arguments) {}
}
