package dev.diptych.generation;

import dev.diptych.tokenization.Tokenizer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of each token by itself, made once and shared by all answers. The engine's thread owns
 * it.
 */
final class TokenTexts {

  private final Tokenizer tokenizer;
  private final Set<Integer> endOfText;
  private final @Nullable String[] texts;

  TokenTexts(Tokenizer tokenizer, Set<Integer> endOfText, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.endOfText = Set.copyOf(endOfText);
    this.texts = new @Nullable String[vocabularySize];
  }

  String of(int id) {
    String known = texts[id];
    if (known != null) {
      return known;
    }
    String text = tokenizer.decode(new int[] {id}, false);
    texts[id] = text;
    return text;
  }

  /** Whether the token ends an answer. */
  boolean ends(int id) {
    return endOfText.contains(id);
  }

  /** Whether the token is no part of a text. */
  boolean isSpecial(int id) {
    return ends(id) || tokenizer.isSpecial(id);
  }
}
