package dev.diptych.encoding;

import dev.diptych.tokenization.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Lists the tokens of a text with the bytes that each covers. */
final class TextTokens {

  private TextTokens() {}

  static List<TextToken> of(Tokenizer tokenizer, String text, boolean addSpecialTokens) {
    Tokenizer.Encoding encoding = tokenizer.encodeWithOffsets(text, addSpecialTokens);
    int[] bytes = byteOffsets(text);
    List<TextToken> tokens = new ArrayList<>(encoding.ids().length);
    for (int i = 0; i < encoding.ids().length; i++) {
      int id = encoding.ids()[i];
      int start = encoding.starts()[i];
      int end = encoding.ends()[i];
      tokens.add(
          start < 0
              ? new TextToken(
                  id, Objects.requireNonNullElse(tokenizer.token(id), ""), true, null, null)
              : new TextToken(id, text.substring(start, end), false, bytes[start], bytes[end]));
    }
    return tokens;
  }

  /** The UTF-8 byte at which each UTF-16 unit begins, and the total, {@code [units + 1]}. */
  private static int[] byteOffsets(String text) {
    int[] offsets = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      int width = unit < 0x80 ? 1 : unit < 0x800 || Character.isSurrogate(unit) ? 2 : 3;
      offsets[i + 1] = offsets[i] + width;
    }
    return offsets;
  }
}
