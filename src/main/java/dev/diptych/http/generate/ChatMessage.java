package dev.diptych.http.generate;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dev.diptych.chat.Message;
import dev.diptych.chat.ToolCall;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A message of a chat. */
@Schema(name = "TemplatedMessage")
record ChatMessage(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, example = "user") @Nullable String role,
    @Schema(
            description = "A text, or parts of type text",
            implementation = Object.class,
            example = "What is the capital of France?")
        @Nullable JsonNode content,
    @Nullable String name,
    @Schema(description = "What an assistant called") @Nullable List<@Nullable Call> toolCalls,
    @Schema(description = "The call that a tool's message answers") @Nullable String toolCallId) {

  /** A call of a tool. */
  @Schema(name = "TemplatedCall")
  record Call(@Nullable String id, @Nullable String type, @Nullable Function function) {

    /**
     * @param arguments as JSON, or as the text of it
     */
    @Schema(name = "TemplatedCallFunction")
    record Function(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
        @Schema(implementation = Object.class) @Nullable JsonNode arguments) {}
  }

  /**
   * It as the chat template gets it.
   *
   * @param place of it in the request
   */
  Message message(String place) {
    if (role == null) {
      throw new InvalidInput("missing field `%s.role`, who speaks".formatted(place));
    }
    List<ToolCall> calls = calls(place);
    String text = text(place);
    if (text == null && calls.isEmpty()) {
      throw new InvalidInput("missing field `%s.content`, what was said".formatted(place));
    }
    return new Message(role, text, null, calls, toolCallId, name);
  }

  private @Nullable String text(String place) {
    if (content == null || content.isNull()) {
      return null;
    }
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray()) {
      throw new InvalidInput(
          "`%s.content` must be a string or a list of parts of type text".formatted(place));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      JsonNode part = content.get(i);
      if (!part.path("type").asString("").equals("text") || !part.path("text").isString()) {
        throw new InvalidInput(
            "`%s.content[%d]` must be of type text, as the model reads nothing else. Given: %s"
                .formatted(place, i, Excerpt.of(part.toString())));
      }
      text.append(i == 0 ? "" : "\n").append(part.path("text").stringValue());
    }
    return text.toString();
  }

  private List<ToolCall> calls(String place) {
    if (toolCalls == null) {
      return List.of();
    }
    List<ToolCall> calls = new ArrayList<>(toolCalls.size());
    for (int i = 0; i < toolCalls.size(); i++) {
      Call call = toolCalls.get(i);
      if (call == null || call.function() == null || call.function().name() == null) {
        throw new InvalidInput(
            "missing field `%s.tool_calls[%d].function.name`".formatted(place, i));
      }
      JsonNode arguments = call.function().arguments();
      String written =
          arguments == null || arguments.isNull()
              ? "{}"
              : arguments.isString() ? arguments.stringValue() : arguments.toString();
      calls.add(
          new ToolCall(
              call.id() == null ? "call_" + i : call.id(), call.function().name(), written));
    }
    return calls;
  }
}
