package dev.diptych.http.openai;

import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.TextGenerator;
import java.nio.charset.StandardCharsets;

/** How a model's tokens are spelled, byte by byte. */
@FunctionalInterface
interface TokenSpelling {

  /** The bytes of a token by itself, or of the name of a special one. */
  byte[] bytes(GeneratedToken token);

  /** That of a decoder's tokens. */
  static TokenSpelling of(TextGenerator generator) {
    return token -> token.text().getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes as text, as far as they are. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
