package dev.diptych.chat;

import java.util.List;
import java.util.Map;

/**
 * What a model is to continue.
 *
 * @param tools what it may call
 * @param addGenerationPrompt whether the prompt ends where the model's next message begins
 * @param continueFinalMessage whether the prompt ends with the text of the last message, which the
 *     model goes on with; not together with the former
 * @param templateArguments further variables of the template, such as {@code enable_thinking}:
 *     texts, numbers, booleans, null, lists, maps and JSON nodes
 */
public record Conversation(
    List<Message> messages,
    List<Tool> tools,
    boolean addGenerationPrompt,
    boolean continueFinalMessage,
    Map<String, ?> templateArguments) {

  public Conversation {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  /** Messages that the model answers. */
  public static Conversation of(List<Message> messages) {
    return new Conversation(messages, List.of(), true, false, Map.of());
  }

  /** The same with tools. */
  public Conversation with(List<Tool> others) {
    return new Conversation(
        messages, others, addGenerationPrompt, continueFinalMessage, templateArguments);
  }
}
