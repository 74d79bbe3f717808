package dev.diptych.http.openai;

import dev.diptych.chat.ChatPart;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of an answer, put together. */
final class AnswerParts {

  private static final class Call {
    private final String id;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();

    Call(String id, String name) {
      this.id = id;
      this.name = name;
    }
  }

  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();

  /** Takes the next ones. */
  AnswerParts add(List<ChatPart> parts) {
    for (ChatPart part : parts) {
      switch (part) {
        case ChatPart.Content(String text) -> content.append(text);
        case ChatPart.Reasoning(String text) -> reasoning.append(text);
        case ChatPart.CallStarted(int _, String id, String name) -> calls.add(new Call(id, name));
        case ChatPart.CallArguments(int index, String fragment) ->
            calls.get(index).arguments.append(fragment);
      }
    }
    return this;
  }

  String content() {
    return content.toString();
  }

  @Nullable String reasoning() {
    return reasoning.isEmpty() ? null : reasoning.toString();
  }

  /** All of it as a chat's message. */
  ChatResponse.Message message() {
    boolean onlyCalls = content.isEmpty() && !calls.isEmpty();
    return new ChatResponse.Message(
        "assistant", onlyCalls ? null : content(), null, reasoning(), calls());
  }

  List<ChatResponse.Call> calls() {
    return calls.stream()
        .map(
            call ->
                new ChatResponse.Call(
                    call.id,
                    "function",
                    new ChatResponse.Function(call.name, call.arguments.toString())))
        .toList();
  }
}
