package dev.diptych.chat;

import java.util.List;

/** Takes a model's answer apart while it is written. One answer, one thread. */
public final class ChatAnswer {

  ChatAnswer() {}

  /** Takes the next text of the answer. */
  public List<ChatPart> text(String piece) {
    return piece.isEmpty() ? List.of() : List.of(new ChatPart.Content(piece));
  }

  /** Takes a special token that the text leaves out, by its name such as {@code [TOOL_CALLS]}. */
  public List<ChatPart> special(String token) {
    return List.of();
  }

  /** Ends the answer, and gives what was still held back. */
  public List<ChatPart> finish() {
    return List.of();
  }
}
