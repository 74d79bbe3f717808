package dev.diptych.tokenization;

import java.util.Arrays;

/**
 * How few tokens a text can have, told from its characters in nanoseconds each. What would take a
 * tokenizer seconds and hundreds of megabytes can so be refused, or cut, before.
 */
final class FewestTokens {

  /*
   * A text falls into units: spaces and what follows them up to the next space. Where no token of
   * the vocabulary goes on behind a space, none lies in two units, and a unit has at least as many
   * tokens as its characters of one class need if each token had as many of them as any has.
   *
   * Between a letter and a single space before another letter every tokenizer of a known kind makes
   * a cut, so that both sides can be tokenized apart.
   */

  private static final int CLASSES = CharacterClass.COUNT;
  private static final int VANISHES = 0;
  private static final char FIRST_IDEOGRAPH = '\u4e00';
  private static final char LAST_IDEOGRAPH = '\u9fff';

  /** Characters after which it is asked again whether a text without spaces is long enough. */
  private static final int STRIDE = 1024;

  /** Tokens that a text without a place to cut keeps beyond twice those that are wanted. */
  private static final int MARGIN = 256;

  private final TokenCapacity capacity;
  private final boolean[] spelled;
  private final int[] most = new int[CLASSES];

  FewestTokens(TokenCapacity capacity) {
    this.capacity = capacity;
    this.spelled = capacity.spelled();
    capacity.most().forEach((kind, count) -> most[kind.index()] = count);
  }

  /** At least so many tokens has the text, without special ones around it. */
  int of(String text) {
    if (!capacity.isKnown()) {
      return 0;
    }
    int tokens = 0;
    int[] counts = new int[CLASSES];
    for (int i = 0; i < text.length(); i++) {
      if (isUnitStart(text, i)) {
        tokens += take(counts);
      }
      count(text, i, counts);
    }
    return tokens + take(counts);
  }

  /**
   * A beginning of the text that has the same first tokens, so many of them at least; the whole
   * text if nothing shorter is known to.
   */
  String beginning(String text, int wanted) {
    if (!capacity.isKnown()) {
      return text;
    }
    int tokens = 0;
    int[] counts = new int[CLASSES];
    for (int i = 0; i < text.length(); i++) {
      if (isUnitStart(text, i)) {
        tokens += take(counts);
        if (tokens >= wanted && isCut(text, i)) {
          return text.substring(0, i);
        }
      }
      count(text, i, counts);
      if (i % STRIDE == STRIDE - 1 && isFarBeyond(tokens + needed(counts), wanted)) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(i)) ? i : i + 1);
      }
    }
    return text;
  }

  /** An end of the text that has the same last tokens, as {@link #beginning}. */
  String ending(String text, int wanted) {
    if (!capacity.isKnown()) {
      return text;
    }
    int tokens = 0;
    int[] counts = new int[CLASSES];
    for (int i = text.length() - 1; i > 0; i--) {
      count(text, i, counts);
      if (isUnitStart(text, i)) {
        if (tokens >= wanted && isCut(text, i)) { // the first unit may begin in another way
          return text.substring(i);
        }
        tokens += take(counts);
      }
      if (i % STRIDE == 0 && isFarBeyond(tokens + needed(counts), wanted)) {
        return text.substring(Character.isLowSurrogate(text.charAt(i)) ? i + 1 : i);
      }
    }
    return text;
  }

  private static boolean isFarBeyond(int tokens, int wanted) {
    return tokens >= 2L * wanted + MARGIN;
  }

  private boolean isUnitStart(String text, int i) {
    return capacity.wordsApart()
        && text.charAt(i) == ' '
        && i > 0
        && !CharacterClass.of(text.charAt(i - 1)).isBlank();
  }

  private boolean isCut(String text, int i) {
    return capacity.cuttable()
        && i + 1 < text.length()
        && CharacterClass.of(text.charAt(i - 1)).isLetterOrDigit()
        && CharacterClass.of(text.charAt(i + 1)).isLetterOrDigit();
  }

  /* ASCII before another character may become one with it. */
  private void count(String text, int i, int[] counts) {
    char c = text.charAt(i);
    boolean isLast = i + 1 == text.length();
    if (c >= 0x80) {
      counts[CharacterClass.OTHER.index()] += size(c, isLast ? '\0' : text.charAt(i + 1));
    } else if (spelled[c] && (isLast || text.charAt(i + 1) < 0x80)) {
      counts[CharacterClass.of(c).index()]++;
    }
  }

  /* Bytes that cannot vanish; those of a surrogate pair count for its first half. */
  private int size(char c, char next) {
    if (capacity.ideographsOnly()) {
      return c >= FIRST_IDEOGRAPH && c <= LAST_IDEOGRAPH ? 1 : 0;
    }
    if (Character.isSurrogate(c)) {
      return Character.isSurrogatePair(c, next) ? bytes(Character.toCodePoint(c, next)) : 0;
    }
    return bytes(c);
  }

  private int bytes(int codePoint) {
    if (codePoint < 0x800) {
      return one(0xC0 | codePoint >> 6) + continuation(codePoint);
    }
    if (codePoint < 0x10000) {
      return one(0xE0 | codePoint >> 12) + continuation(codePoint >> 6) + continuation(codePoint);
    }
    return one(0xF0 | codePoint >> 18)
        + continuation(codePoint >> 12)
        + continuation(codePoint >> 6)
        + continuation(codePoint);
  }

  private int continuation(int bits) {
    return one(0x80 | (bits & 0x3F));
  }

  private int one(int b) {
    return spelled[b] ? 1 : 0;
  }

  private int take(int[] counts) {
    int tokens = needed(counts);
    Arrays.fill(counts, 0);
    return tokens;
  }

  private int needed(int[] counts) {
    int tokens = 0;
    for (int kind = 0; kind < CLASSES; kind++) {
      if (counts[kind] > 0 && most[kind] != VANISHES) {
        tokens = Math.max(tokens, 1 + (counts[kind] - 1) / most[kind]);
      }
    }
    return tokens;
  }
}
