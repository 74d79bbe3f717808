package dev.diptych.chat;

import dev.diptych.InvalidInput;
import dev.diptych.tokenization.ChatTemplate;
import java.util.List;
import java.util.Map;

/**
 * What a template has a place for, and how it wants it: told from its source, or tried.
 *
 * @param describesTools whether it writes tools
 * @param writesCalls whether it writes calls of tools
 * @param writesResults whether it knows the role {@code tool}
 * @param knowsDeveloper whether it knows the role {@code developer}, which else is the system's
 * @param contentInParts whether a message's content must be a list of parts
 * @param argumentsAsText whether the arguments of calls must be JSON text instead of objects
 */
record TemplateHabits(
    boolean describesTools,
    boolean writesCalls,
    boolean writesResults,
    boolean knowsDeveloper,
    boolean contentInParts,
    boolean argumentsAsText) {

  private static final String PROBE = "needle";

  static TemplateHabits of(ChatTemplate template) {
    boolean inParts =
        !writes(template, user(PROBE), PROBE) && writes(template, user(parts(PROBE)), PROBE);
    return new TemplateHabits(
        template.reads("tools"),
        template.reads("tool_calls"),
        template.mentions("'tool'") || template.mentions("\"tool\""),
        template.mentions("developer"),
        inParts,
        printsObjects(template, inParts));
  }

  /** The content of a message in the only part that it has. */
  static List<Map<String, String>> parts(String text) {
    return List.of(Map.of("type", "text", "text", text));
  }

  /** The same for arguments as text. */
  TemplateHabits withArgumentsAsText() {
    return new TemplateHabits(
        describesTools, writesCalls, writesResults, knowsDeveloper, contentInParts, true);
  }

  private static Map<String, Object> user(Object content) {
    return Map.of("role", "user", "content", content);
  }

  /* An object that is printed without a filter has Python's quotes. */
  private static boolean printsObjects(ChatTemplate template, boolean inParts) {
    Map<String, Object> call =
        Map.of(
            "id",
            "123456789",
            "type",
            "function",
            "function",
            Map.of("name", "probe", "arguments", Map.of(PROBE, "x")));
    Object empty = inParts ? parts("") : "";
    return rendered(
            template,
            List.of(
                user(inParts ? parts("x") : "x"),
                Map.of("role", "assistant", "content", empty, "tool_calls", List.of(call))))
        .contains("'" + PROBE + "'");
  }

  private static boolean writes(ChatTemplate template, Map<String, Object> message, String text) {
    return rendered(template, List.of(message)).contains(text);
  }

  private static String rendered(ChatTemplate template, List<Map<String, Object>> messages) {
    try {
      return template.render(messages, null, true, Map.of());
    } catch (InvalidInput e) {
      return "";
    }
  }
}
