package dev.diptych.encoding;

import dev.diptych.tokenization.Tokenizer;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** The tokens of a text with the bytes that each covers, made as they are read. */
final class TextTokens extends AbstractList<TextToken> implements RandomAccess {

  private final Tokenizer tokenizer;
  private final String text;
  private final Tokenizer.Encoding encoding;
  private final int[] bytes;

  private TextTokens(Tokenizer tokenizer, String text, Tokenizer.Encoding encoding) {
    this.tokenizer = tokenizer;
    this.text = text;
    this.encoding = encoding;
    this.bytes = byteOffsets(text);
  }

  static TextTokens of(Tokenizer tokenizer, String text, boolean addSpecialTokens) {
    return new TextTokens(tokenizer, text, tokenizer.encodeWithOffsets(text, addSpecialTokens));
  }

  @Override
  public int size() {
    return encoding.ids().length;
  }

  @Override
  public TextToken get(int index) {
    int id = encoding.ids()[index];
    int start = encoding.starts()[index];
    int end = encoding.ends()[index];
    return start < 0
        ? new TextToken(id, Objects.requireNonNullElse(tokenizer.token(id), ""), true, null, null)
        : new TextToken(id, text.substring(start, end), false, bytes[start], bytes[end]);
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
