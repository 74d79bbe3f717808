package dev.diptych.generation;

import dev.diptych.tokenization.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One token for each printable ASCII character; token 0 is {@code <end>}, a special one. */
public class LetterTokenizer implements Tokenizer {

  public static final int END = 0;

  @Override
  public int vocabularySize() {
    return FakeDecoder.VOCABULARY;
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    return text.chars().map(letter -> letter - 31).toArray();
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      if (id != END) {
        text.append((char) (id + 31));
      } else if (!skipSpecialTokens) {
        text.append("<end>");
      }
    }
    return text.toString();
  }

  @Override
  public Encoding encodePair(String first, String second, boolean addSpecialTokens) {
    return encodeWithOffsets(first + second, addSpecialTokens);
  }

  @Override
  public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
    int[] ids = encode(text, addSpecialTokens);
    int[] starts = new int[ids.length];
    Arrays.setAll(starts, i -> i);
    int[] ends = new int[ids.length];
    Arrays.setAll(ends, i -> i + 1);
    return new Encoding(ids, new int[ids.length], starts, ends, new int[ids.length], starts);
  }

  @Override
  public @Nullable String token(int id) {
    return decode(new int[] {id}, false);
  }

  @Override
  public OptionalInt id(String token) {
    return token.length() == 1 ? OptionalInt.of(token.charAt(0) - 31) : OptionalInt.empty();
  }

  @Override
  public boolean isSpecial(int id) {
    return id == END;
  }

  @Override
  public OptionalInt maskId() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt paddingId() {
    return OptionalInt.empty();
  }
}
