package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code /v1/chat/completions}. */
record ChatResponse(
    @Schema(example = "chatcmpl-0f3c8ff6") String id,
    @Schema(example = "chat.completion") String object,
    long created,
    String model,
    List<Choice> choices,
    Usage usage) {

  /**
   * One of the answers.
   *
   * @param logprobs null unless they were asked for
   */
  @Schema(name = "ChatChoice")
  record Choice(
      int index,
      Message message,
      TokenLogprob.@Nullable Content logprobs,
      @Schema(allowableValues = {"stop", "length", "tool_calls"}) String finishReason) {}

  /**
   * What the model said.
   *
   * @param content null if it only called tools
   * @param refusal always null: nothing refuses
   * @param reasoningContent what it thought before
   */
  @Schema(name = "ChatMessage")
  record Message(
      @Schema(example = "assistant") String role,
      @Nullable String content,
      @Schema(types = "null") @Nullable String refusal,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reasoningContent,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Call> toolCalls) {}

  /** A call of a tool. */
  @Schema(name = "ChatToolCall")
  record Call(
      String id, @Schema(example = "function") String type, ChatResponse.Function function) {}

  /**
   * The function that is called.
   *
   * @param arguments as JSON text
   */
  @Schema(name = "ChatFunctionCall")
  record Function(String name, String arguments) {}

  static ChatResponse of(Identity identity, List<Choice> choices, Usage usage) {
    return new ChatResponse(
        identity.id(), "chat.completion", identity.created(), identity.model(), choices, usage);
  }
}
