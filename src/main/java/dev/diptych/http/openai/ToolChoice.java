package dev.diptych.http.openai;

import dev.diptych.chat.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether and what the model calls. */
sealed interface ToolChoice {

  /** Nothing. */
  record None() implements ToolChoice {}

  /** What it wants. */
  record Auto() implements ToolChoice {}

  /**
   * At least one of these.
   *
   * @param tools one, where a function was named
   */
  record Forced(List<Tool> tools, boolean isNamed) implements ToolChoice {

    public Forced {
      tools = List.copyOf(tools);
    }
  }

  /** That of a request with such tools. */
  static ToolChoice of(@Nullable JsonNode choice, List<Tool> tools) {
    if (choice == null || choice.isNull()) {
      return tools.isEmpty() ? new None() : new Auto();
    }
    if (choice.isString()) {
      return switch (choice.stringValue()) {
        case "none" -> new None();
        case "auto" -> tools.isEmpty() ? new None() : new Auto();
        case "required" -> {
          requireTools(tools);
          yield new Forced(tools, false);
        }
        default -> throw unknown(choice);
      };
    }
    JsonNode function = choice.has("function") ? choice.path("function") : choice;
    String name = function.path("name").asString("");
    if (!"function".equals(choice.path("type").asString("function")) || name.isEmpty()) {
      throw unknown(choice);
    }
    requireTools(tools);
    return new Forced(
        tools.stream()
            .filter(tool -> tool.name().equals(name))
            .findFirst()
            .map(List::of)
            .orElseThrow(
                () ->
                    Refusal.value(
                        "tool_choice",
                        "`tool_choice` names %s, which `tools` has not".formatted(name))),
        true);
  }

  private static void requireTools(List<Tool> tools) {
    if (tools.isEmpty()) {
      throw Refusal.value("tool_choice", "`tool_choice` needs `tools` to choose from");
    }
  }

  private static Refusal unknown(JsonNode choice) {
    return Refusal.value(
        "tool_choice",
        "`tool_choice` must be none, auto, required, or a function. Given: " + choice);
  }
}
