package dev.diptych.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects the parts of an answer until they are asked for. */
final class AnswerParts {

  private final Supplier<String> ids;
  private final List<ChatPart> parts = new ArrayList<>();
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder(); // of the call started last
  private int calls;

  AnswerParts(Supplier<String> ids) {
    this.ids = ids;
  }

  void content(CharSequence text) {
    endBut(content);
    content.append(text);
  }

  void reasoning(CharSequence text) {
    endBut(reasoning);
    reasoning.append(text);
  }

  void startCall(String name) {
    endAll();
    parts.add(new ChatPart.CallStarted(calls++, ids.get(), name));
  }

  /** Arguments of the call that was started last. */
  void arguments(String fragment) {
    endBut(arguments);
    arguments.append(fragment);
  }

  /** Calls that were started. */
  int calls() {
    return calls;
  }

  /** What was collected since the last time. */
  List<ChatPart> take() {
    endAll();
    List<ChatPart> taken = List.copyOf(parts);
    parts.clear();
    return taken;
  }

  private void endBut(StringBuilder going) {
    if (going.isEmpty()) {
      endAll();
    }
  }

  /* One of them at most has text. */
  private void endAll() {
    if (!content.isEmpty()) {
      parts.add(new ChatPart.Content(content.toString()));
    } else if (!reasoning.isEmpty()) {
      parts.add(new ChatPart.Reasoning(reasoning.toString()));
    } else if (!arguments.isEmpty()) {
      parts.add(new ChatPart.CallArguments(calls - 1, arguments.toString()));
    }
    content.setLength(0);
    reasoning.setLength(0);
    arguments.setLength(0);
  }
}
