package dev.diptych.http.openai;

import dev.diptych.generation.GeneratedToken;
import dev.diptych.generation.TextGenerator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a model's tokens are spelled, byte by byte. */
@FunctionalInterface
interface TokenSpelling {

  /** What stands for bytes that are no text. */
  char NO_CHARACTER = '\uFFFD';

  /** The highest two bits of a byte that goes on with a character. */
  int CONTINUATION_MASK = 0xC0;

  int CONTINUATION = 0x80;

  /** The bytes of a token by itself, or of the name of a special one. */
  byte[] bytes(GeneratedToken token);

  /** That of a decoder's tokens. */
  static TokenSpelling of(TextGenerator generator) {
    return token -> {
      byte[] bytes = token.special() ? null : generator.tokenBytes().of(token.id());
      return bytes == null ? token.text().getBytes(StandardCharsets.UTF_8) : bytes;
    };
  }

  /** Bytes as text, with U+FFFD where they are none. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Bytes as text, or as OpenAI names bytes that are a part of a character. */
  static String name(byte[] bytes) {
    String text = text(bytes);
    if (text.indexOf(NO_CHARACTER) < 0) {
      return text;
    }
    StringBuilder name = new StringBuilder("bytes:");
    for (byte one : bytes) {
      name.append("\\x%02x".formatted(one));
    }
    return name.toString();
  }

  /** How many characters begin in these bytes. */
  static int characters(byte[] bytes) {
    int characters = 0;
    for (byte one : bytes) {
      characters += (one & CONTINUATION_MASK) == CONTINUATION ? 0 : 1;
    }
    return characters;
  }

  /** The text of tokens, without special ones. */
  default String text(List<GeneratedToken> tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (GeneratedToken token : tokens) {
      if (!token.special()) {
        bytes.writeBytes(bytes(token));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
