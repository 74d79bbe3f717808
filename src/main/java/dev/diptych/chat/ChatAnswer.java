package dev.diptych.chat;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes a model's answer apart while it is written. One answer, one thread. */
public final class ChatAnswer {

  private static final Set<String> MARKS_IN_CALLS = Set.of("[ARGS]", "[CALL_ID]");

  private final AnswerParts parts;
  private final ReasoningMarks marks;
  private final ToolCallFormat format;
  private final @Nullable CallReader calls;
  private final @Nullable ThoughtReader thoughts;

  ChatAnswer(
      ToolCallFormat format,
      ReasoningMarks marks,
      ChatPrompt prompt,
      List<Tool> tools,
      Reading reading,
      Supplier<String> ids) {
    this.parts = new AnswerParts(ids);
    this.marks = marks;
    this.format = format;
    this.calls = tools.isEmpty() ? null : new CallReader(format, tools, reading.live(), parts);
    this.thoughts =
        reading.reasoning()
            ? new ThoughtReader(marks, prompt.opensReasoning(), parts, this::rest)
            : null;
    accept(prompt.begun());
  }

  /** Takes the next text of the answer. */
  public List<ChatPart> text(String piece) {
    accept(piece);
    return parts.take();
  }

  /** Takes a special token that the text leaves out, by its name such as {@code [TOOL_CALLS]}. */
  public List<ChatPart> special(String token) {
    boolean ofThoughts =
        thoughts != null && (token.equals(marks.open()) || token.equals(marks.close()));
    boolean ofCalls =
        calls != null
            && (token.equals(format.open())
                || token.equals(format.close())
                || MARKS_IN_CALLS.contains(token));
    if (ofThoughts || ofCalls) {
      accept(token);
    }
    return parts.take();
  }

  /** Ends the answer, and gives what was still held back. */
  public List<ChatPart> finish() {
    if (thoughts != null) {
      thoughts.finish();
    }
    if (calls != null) {
      calls.finish();
    }
    return parts.take();
  }

  /** Whether tools were called. */
  public boolean hasCalls() {
    return parts.calls() > 0;
  }

  private void accept(String text) {
    if (thoughts != null) {
      thoughts.accept(text);
    } else {
      rest(text);
    }
  }

  private void rest(String text) {
    if (calls != null) {
      calls.accept(text);
    } else {
      parts.content(text);
    }
  }
}
