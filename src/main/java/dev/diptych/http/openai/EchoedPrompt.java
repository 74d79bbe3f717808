package dev.diptych.http.openai;

import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.Prompt;
import java.util.List;

/** The prompt in front of its continuation. */
final class EchoedPrompt {

  private EchoedPrompt() {}

  /**
   * Its text.
   *
   * @param tokens told where it came as tokens
   */
  static String text(Prompt prompt, List<GeneratedToken> tokens, TokenSpelling spelling) {
    return switch (prompt) {
      case Prompt.Text(String text, boolean _) -> text;
      case Prompt.Tokens _ -> spelling.text(tokens);
    };
  }
}
