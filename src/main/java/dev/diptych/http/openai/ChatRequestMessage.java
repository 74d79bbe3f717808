package dev.diptych.http.openai;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.diptych.chat.Message;
import dev.diptych.chat.ToolCall;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A message of a request. */
record ChatRequestMessage(
    @Schema(
            requiredMode = Schema.RequiredMode.REQUIRED,
            allowableValues = {"system", "developer", "user", "assistant", "tool"},
            example = "user")
        @Nullable String role,
    @Schema(
            description = "A text, or parts of type text",
            implementation = Object.class,
            example = "What is the capital of France?")
        @Nullable JsonNode content,
    @Schema(description = "Who speaks, where several have the same role") @Nullable String name,
    @Schema(description = "What an assistant called") @Nullable List<@Nullable Call> toolCalls,
    @Schema(description = "The call that a tool's message answers") @Nullable String toolCallId,
    @Schema(description = "What an assistant thought before it answered") @JsonAlias("reasoning")
        @Nullable String reasoningContent,
    @Schema(hidden = true) @Nullable JsonNode functionCall) {

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  /** A call of a tool. */
  @Schema(name = "ChatRequestToolCall")
  record Call(@Nullable String id, @Nullable String type, @Nullable Function function) {

    /**
     * @param arguments as JSON text
     */
    @Schema(name = "ChatRequestFunctionCall")
    record Function(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
        @Nullable String arguments) {}
  }

  /** The messages of a request, which must be there. */
  static List<Message> all(@Nullable List<@Nullable ChatRequestMessage> messages) {
    if (messages == null) {
      throw Refusal.missing("messages", "what to answer");
    }
    if (messages.isEmpty()) {
      throw Refusal.value("messages", "`messages` cannot be empty");
    }
    List<Message> all = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      ChatRequestMessage message = messages.get(i);
      String place = "messages[" + i + "]";
      if (message == null) {
        throw Refusal.value(place, "`%s` must be an object".formatted(place));
      }
      all.add(message.at(place));
    }
    return all;
  }

  private Message at(String place) {
    if (role == null) {
      throw Refusal.missing(place + ".role", "who speaks");
    }
    if (!ROLES.contains(role)) {
      throw Refusal.value(
          place + ".role",
          "`%s.role` must be system, developer, user, assistant or tool. Given: %s"
              .formatted(place, role));
    }
    if (functionCall != null && !functionCall.isNull()) {
      throw Refusal.unsupported(
          place + ".function_call",
          "`%s.function_call` is not supported; use `tool_calls`".formatted(place));
    }
    String text = MessageText.of(content, place + ".content");
    List<ToolCall> calls = calls(place);
    if (text == null && calls.isEmpty() && reasoningContent == null) {
      throw Refusal.missing(place + ".content", "what was said");
    }
    if (!calls.isEmpty() && !role.equals("assistant")) {
      throw Refusal.value(
          place + ".tool_calls", "`%s.tool_calls` are an assistant's only".formatted(place));
    }
    return new Message(
        role.equals("developer") ? "system" : role,
        text,
        reasoningContent,
        calls,
        toolCallId,
        name);
  }

  private List<ToolCall> calls(String place) {
    if (toolCalls == null) {
      return List.of();
    }
    List<ToolCall> calls = new ArrayList<>(toolCalls.size());
    for (int i = 0; i < toolCalls.size(); i++) {
      Call call = toolCalls.get(i);
      String at = "%s.tool_calls[%d].function.name".formatted(place, i);
      if (call == null || call.function() == null || call.function().name() == null) {
        throw Refusal.missing(at, "what was called");
      }
      String arguments = call.function().arguments();
      calls.add(
          new ToolCall(
              call.id() == null ? "call_" + i : call.id(),
              call.function().name(),
              arguments == null || arguments.isBlank() ? "{}" : arguments));
    }
    return calls;
  }
}
