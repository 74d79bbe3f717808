package dev.diptych.http.openai;

import dev.diptych.chat.ChatAnswer;
import dev.diptych.chat.ChatPart;
import dev.diptych.generation.Completion;
import dev.diptych.generation.FinishReason;
import dev.diptych.generation.GeneratedToken;
import java.util.ArrayList;
import java.util.List;

/** Reads one answer of a chat, token by token, into its parts. */
final class AnswerReader {

  private final ChatAnswer answer;
  private boolean calls;
  private int read;

  AnswerReader(ChatAnswer answer) {
    this.answer = answer;
  }

  /** What a token brings. */
  List<ChatPart> read(GeneratedToken token) {
    read++;
    return noticed(token.special() ? answer.special(token.text()) : answer.text(token.text()));
  }

  /** What the rest of a finished answer brings. */
  List<ChatPart> finish(Completion completion) {
    List<ChatPart> parts = new ArrayList<>();
    for (GeneratedToken token : completion.tokens().subList(read, completion.tokens().size())) {
      parts.addAll(read(token));
    }
    parts.addAll(noticed(answer.finish()));
    return parts;
  }

  /** Why a finished answer ended, as OpenAI has it. */
  String finishReason(Completion completion) {
    return calls && completion.finishReason() != FinishReason.LENGTH
        ? "tool_calls"
        : reason(completion);
  }

  /** Why a text ended. */
  static String reason(Completion completion) {
    return completion.finishReason() == FinishReason.LENGTH ? "length" : "stop";
  }

  private List<ChatPart> noticed(List<ChatPart> parts) {
    calls |= parts.stream().anyMatch(ChatPart.CallStarted.class::isInstance);
    return parts;
  }
}
