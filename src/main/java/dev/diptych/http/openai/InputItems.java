package dev.diptych.http.openai;

import dev.diptych.chat.Message;
import dev.diptych.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The conversation that the items of {@code /v1/responses} are. */
final class InputItems {

  private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> namesOfCalls = new HashMap<>();

  private InputItems() {}

  /** The messages of a request. */
  static List<Message> messages(@Nullable String instructions, @Nullable JsonNode input) {
    if (input == null || input.isNull()) {
      throw Refusal.missing("input", "what to answer");
    }
    InputItems items = new InputItems();
    if (instructions != null) {
      items.messages.add(Message.of("system", instructions));
    }
    if (input.isString()) {
      if (input.stringValue().isEmpty()) {
        throw Refusal.value("input", "`input` cannot be empty");
      }
      items.messages.add(Message.of("user", input.stringValue()));
    } else if (input.isArray() && !input.isEmpty()) {
      for (int i = 0; i < input.size(); i++) {
        items.add(input.get(i), "input[" + i + "]");
      }
    } else {
      throw Refusal.value("input", "`input` must be a text or a list of items, not empty");
    }
    return items.messages;
  }

  private void add(JsonNode item, String place) {
    if (!item.isObject()) {
      throw Refusal.value(place, "`%s` must be an object".formatted(place));
    }
    switch (item.path("type").asString("message")) {
      case "message" -> addMessage(item, place);
      case "function_call" -> addCall(item, place);
      case "function_call_output" -> addOutput(item, place);
      case "reasoning" -> {} // what was thought before goes no further
      default ->
          throw Refusal.unsupported(
              place + ".type",
              "`%s.type` must be message, function_call, function_call_output or reasoning. Given: %s"
                  .formatted(place, item.path("type")));
    }
  }

  private void addMessage(JsonNode item, String place) {
    String role = required(item, "role", place);
    if (!ROLES.contains(role)) {
      throw Refusal.value(
          place + ".role",
          "`%s.role` must be system, developer, user or assistant. Given: %s"
              .formatted(place, role));
    }
    String content = MessageText.of(item.path("content"), place + ".content");
    if (content == null) {
      throw Refusal.missing(place + ".content", "what was said");
    }
    messages.add(Message.of(role.equals("developer") ? "system" : role, content));
  }

  /** A call belongs to the assistant's message before it, if there is one. */
  private void addCall(JsonNode item, String place) {
    String id = required(item, "call_id", place);
    String name = required(item, "name", place);
    String arguments = item.path("arguments").asString("");
    ToolCall call = new ToolCall(id, name, arguments.isBlank() ? "{}" : arguments);
    namesOfCalls.put(id, name);
    Message last = messages.isEmpty() ? null : messages.getLast();
    if (last != null && last.role().equals("assistant")) {
      List<ToolCall> calls = new ArrayList<>(last.toolCalls());
      calls.add(call);
      messages.removeLast();
      messages.add(
          new Message("assistant", last.content(), last.reasoning(), calls, null, last.name()));
    } else {
      messages.add(new Message("assistant", null, null, List.of(call), null, null));
    }
  }

  private void addOutput(JsonNode item, String place) {
    String id = required(item, "call_id", place);
    String output = MessageText.of(item.path("output"), place + ".output");
    if (output == null) {
      throw Refusal.missing(place + ".output", "what the function gave");
    }
    messages.add(Message.toolResult(id, namesOfCalls.get(id), output));
  }

  private static String required(JsonNode item, String field, String place) {
    JsonNode value = item.path(field);
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw Refusal.missing(place + "." + field, "a text");
    }
    return value.stringValue();
  }
}
