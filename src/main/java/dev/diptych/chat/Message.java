package dev.diptych.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, {@code tool} or what
 *     else the model's template knows
 * @param content what was said; null where a message only calls tools
 * @param reasoning what an assistant thought before; null if that is not known
 * @param toolCalls what an assistant called
 * @param toolCallId which call a tool's message answers
 * @param name of the speaker, or of the tool that answers
 */
public record Message(
    String role,
    @Nullable String content,
    @Nullable String reasoning,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    @Nullable String name) {

  public Message {
    toolCalls = List.copyOf(toolCalls);
  }

  /** A message of text alone. */
  public static Message of(String role, String content) {
    return new Message(role, content, null, List.of(), null, null);
  }

  /** What a tool answered to a call. */
  public static Message toolResult(String toolCallId, @Nullable String name, String content) {
    return new Message("tool", content, null, List.of(), toolCallId, name);
  }
}
