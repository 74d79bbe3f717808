package dev.diptych.chat;

import dev.diptych.tokenization.ControlTokens;
import dev.diptych.tokenization.template.PlaceMark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages as a template's variables: what transformers gives, with every text marked as somebody
 * else's.
 *
 * @param tokens what the texts must not become
 * @param reasoning marks that an assistant's text may have
 * @param shortIds whether the ids of calls must have nine letters or digits, as Mistral's
 * @param habits how the template wants them
 */
record TemplateMessages(
    ControlTokens tokens, ReasoningMarks reasoning, boolean shortIds, TemplateHabits habits) {

  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int SHORT_ID = 9;

  /** Roles that templates write into control tokens as they are. */
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function", "ipython", "model");

  /**
   * Behind the end of a text; what a template cuts off there, it would cut off without the mark.
   */
  private static final String END = PlaceMark.END.character() + " ";

  /** Where the mark of the end is followed by what would be cut off. */
  static boolean keepsSpaces(String rendered, int end) {
    return rendered.startsWith(END, end);
  }

  /** The variables of messages, the end of the last one's text marked if it is to be found. */
  List<Map<String, Object>> of(List<Message> messages, boolean marksEnd) {
    Map<String, String> namesByCall = new HashMap<>();
    List<Map<String, Object>> variables = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      message.toolCalls().forEach(call -> namesByCall.put(call.id(), call.name()));
      boolean isMarked = marksEnd && i == messages.size() - 1;
      variables.add(variable(message, namesByCall, isMarked ? END : ""));
    }
    return variables;
  }

  /** The variables of tools. */
  List<Object> ofTools(List<Tool> tools) {
    List<Object> variables = new ArrayList<>();
    for (Tool tool : tools) {
      variables.add(Objects.requireNonNull(tokens.marked((Object) ToolJson.described(tool))));
    }
    return variables;
  }

  /* In the order in which clients write it, for templates that print whole messages. */
  private Map<String, Object> variable(
      Message message, Map<String, String> namesByCall, String end) {
    Map<String, Object> variable = new LinkedHashMap<>();
    variable.put("role", role(message.role()));
    String content = content(message) + end;
    variable.put("content", habits.contentInParts() ? TemplateHabits.parts(content) : content);
    if (message.reasoning() != null) {
      variable.put("reasoning_content", tokens.marked(message.reasoning()));
    }
    if (!message.toolCalls().isEmpty()) {
      variable.put("tool_calls", message.toolCalls().stream().map(this::call).toList());
    }
    String callId = message.toolCallId();
    if (callId != null) {
      variable.put("tool_call_id", id(callId));
    }
    String name =
        message.name() == null && callId != null ? namesByCall.get(callId) : message.name();
    if (name != null) {
      variable.put("name", tokens.markedName(name));
    }
    return variable;
  }

  private String role(String role) {
    if (role.equals("developer") && !habits.knowsDeveloper()) {
      return "system";
    }
    return ROLES.contains(role) ? role : tokens.markedName(role);
  }

  /* An assistant's own marks around its thoughts are what templates look for. */
  private String content(Message message) {
    String content = tokens.marked(message.content() == null ? "" : message.content());
    if (!message.role().equals("assistant")) {
      return content;
    }
    for (String mark : List.of(reasoning.open(), reasoning.close())) {
      content = content.replace(tokens.marked(mark), mark);
    }
    return content;
  }

  private Map<String, Object> call(ToolCall call) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", tokens.markedName(call.name()));
    ObjectNode object = habits.argumentsAsText() ? null : ToolJson.object(call.arguments());
    function.put(
        "arguments",
        object == null ? tokens.marked(call.arguments()) : tokens.marked((Object) object));
    Map<String, Object> variable = new LinkedHashMap<>();
    variable.put("id", id(call.id()));
    variable.put("type", "function");
    variable.put("function", function);
    return variable;
  }

  private String id(String id) {
    boolean fits = id.length() == SHORT_ID && id.chars().allMatch(c -> LETTERS.indexOf(c) >= 0);
    return shortIds && !fits ? shortened(id) : tokens.markedName(id);
  }

  /* The same for a call and for its result. */
  private static String shortened(String id) {
    long hash = 1125899906842597L;
    for (int i = 0; i < id.length(); i++) {
      hash = 31 * hash + id.charAt(i);
    }
    StringBuilder shortened = new StringBuilder();
    for (int i = 0; i < SHORT_ID; i++) {
      shortened.append(LETTERS.charAt((int) Long.remainderUnsigned(hash, LETTERS.length())));
      hash = Long.divideUnsigned(hash, LETTERS.length());
    }
    return shortened.toString();
  }
}
