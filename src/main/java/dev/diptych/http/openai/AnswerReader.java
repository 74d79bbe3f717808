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
  private final boolean isOfCallsOnly;
  private int tokens;
  private int characters;
  private int thought;
  private boolean thinks;
  private boolean speaks;

  /**
   * @param isOfCallsOnly whether text beside calls is the beginning of one that was cut off, which
   *     is not told
   */
  AnswerReader(ChatAnswer answer, boolean isOfCallsOnly) {
    this.answer = answer;
    this.isOfCallsOnly = isOfCallsOnly;
  }

  /** What a token brings. */
  List<ChatPart> read(GeneratedToken token) {
    tokens++;
    if (token.special()) {
      return noticed(answer.special(token.text()));
    }
    characters += token.text().length();
    return noticed(answer.text(token.text()));
  }

  /* Until it says something, it thinks. */
  private List<ChatPart> noticed(List<ChatPart> parts) {
    for (ChatPart part : parts) {
      thinks |= part instanceof ChatPart.Reasoning;
      speaks |= !(part instanceof ChatPart.Reasoning);
    }
    thought += speaks ? 0 : 1;
    return isOfCallsOnly
        ? parts.stream().filter(part -> !(part instanceof ChatPart.Content)).toList()
        : parts;
  }

  /** Tokens of what the model thought before it answered. */
  int reasoningTokens() {
    return thinks ? thought : 0;
  }

  /** What the rest of a finished answer brings. */
  List<ChatPart> finish(Completion completion) {
    List<ChatPart> parts = new ArrayList<>();
    List<GeneratedToken> rest = completion.tokens().subList(tokens, completion.tokens().size());
    for (GeneratedToken token : rest) {
      if (token.special() && tokens == completion.tokens().size() - 1) {
        parts.addAll(heldBack(completion));
      }
      parts.addAll(read(token));
    }
    parts.addAll(heldBack(completion));
    parts.addAll(noticed(answer.finish()));
    return parts;
  }

  /* Text that no token has, as it might have become a stop sequence. */
  private List<ChatPart> heldBack(Completion completion) {
    String text = completion.text().substring(characters);
    characters = completion.text().length();
    return noticed(answer.text(text));
  }

  /** Why a finished answer ended, as OpenAI has it. */
  String finishReason(Completion completion) {
    return answer.hasCalls() && completion.finishReason() != FinishReason.LENGTH
        ? "tool_calls"
        : reason(completion);
  }

  /** Why a text ended. */
  static String reason(Completion completion) {
    return completion.finishReason() == FinishReason.LENGTH ? "length" : "stop";
  }
}
