package dev.diptych.http.openai;

import dev.diptych.generation.Completion;
import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.Prompt;
import java.util.List;
import java.util.stream.Collectors;

/** The prompt in front of its continuation. */
final class EchoedPrompt {

  private EchoedPrompt() {}

  /** The text of a prompt whose tokens are told where it came as tokens. */
  static String text(Prompt prompt, Completion completion) {
    return text(prompt, completion.prompt());
  }

  static String text(Prompt prompt, List<GeneratedToken> tokens) {
    return switch (prompt) {
      case Prompt.Text(String text, boolean _) -> text;
      case Prompt.Tokens _ ->
          tokens.stream().map(GeneratedToken::text).collect(Collectors.joining());
    };
  }

  /** The most probable tokens at each place of the prompt. */
  static List<List<GeneratedToken>> top(Completion completion) {
    return List.of();
  }
}
