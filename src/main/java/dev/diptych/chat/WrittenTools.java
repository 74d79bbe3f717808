package dev.diptych.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * Tools, calls and their results as plain text, for models whose template has no place for them. It
 * is what the templates of Hermes and Qwen write.
 */
final class WrittenTools {

  private static final String BEFORE_TOOLS =
      """
      # Tools

      You may call one or more functions to assist with the user query.

      You are provided with function signatures within <tools></tools> XML tags:
      <tools>
      """;
  private static final String BEHIND_TOOLS =
      """

      </tools>

      For each function call, return a json object with function name and arguments within \
      <tool_call></tool_call> XML tags:
      <tool_call>
      {"name": <function-name>, "arguments": <args-json-object>}
      </tool_call>\
      """;

  private WrittenTools() {}

  /** The conversation with its tools in the system's message. */
  static Conversation described(Conversation conversation) {
    if (conversation.tools().isEmpty()) {
      return conversation;
    }
    String preamble = BEFORE_TOOLS + ToolJson.lines(conversation.tools()) + BEHIND_TOOLS;
    List<Message> messages = new ArrayList<>(conversation.messages());
    boolean hasSystem = !messages.isEmpty() && isSystem(messages.getFirst());
    String system = hasSystem ? messages.removeFirst().content() : null;
    messages.addFirst(
        Message.of(
            "system", system == null || system.isEmpty() ? preamble : system + "\n\n" + preamble));
    return with(conversation, messages);
  }

  static boolean isSystem(Message message) {
    return message.role().equals("system") || message.role().equals("developer");
  }

  /** The conversation with its system's message at the beginning of the first user's. */
  static Conversation withoutSystem(Conversation conversation) {
    List<Message> messages = new ArrayList<>(conversation.messages());
    if (messages.size() < 2 || !isSystem(messages.getFirst())) {
      return conversation;
    }
    String system = messages.removeFirst().content();
    Message first = messages.getFirst();
    if (first.role().equals("user")) {
      messages.set(0, Message.of("user", system + "\n\n" + first.content()));
    }
    return with(conversation, messages);
  }

  /** The conversation with calls as text of the assistant. */
  static Conversation called(Conversation conversation) {
    List<Message> messages = new ArrayList<>();
    for (Message message : conversation.messages()) {
      if (message.toolCalls().isEmpty()) {
        messages.add(message);
        continue;
      }
      List<String> parts = new ArrayList<>();
      if (message.content() != null && !message.content().isEmpty()) {
        parts.add(message.content());
      }
      for (ToolCall call : message.toolCalls()) {
        parts.add("<tool_call>\n" + ToolJson.call(call) + "\n</tool_call>");
      }
      messages.add(
          new Message(
              message.role(),
              String.join("\n", parts),
              message.reasoning(),
              List.of(),
              null,
              message.name()));
    }
    return with(conversation, messages);
  }

  /** The conversation with results as text of the user, those of one turn in one message. */
  static Conversation answered(Conversation conversation) {
    List<Message> messages = new ArrayList<>();
    boolean inResults = false;
    for (Message message : conversation.messages()) {
      boolean isResult = message.role().equals("tool");
      if (!isResult) {
        messages.add(message);
      } else {
        String text = "<tool_response>\n" + message.content() + "\n</tool_response>";
        String before = inResults ? messages.removeLast().content() + "\n" : "";
        messages.add(Message.of("user", before + text));
      }
      inResults = isResult;
    }
    return with(conversation, messages);
  }

  private static Conversation with(Conversation conversation, List<Message> messages) {
    return new Conversation(
        messages,
        conversation.tools(),
        conversation.addGenerationPrompt(),
        conversation.continueFinalMessage(),
        conversation.templateArguments());
  }
}
