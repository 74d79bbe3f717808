package dev.diptych.tokenization;

/**
 * Text in which no half of a surrogate pair stands alone, as that would make the tokenizer library
 * misread every character beyond the BMP.
 */
final class WellFormed {

  private WellFormed() {}

  /** The text with U+FFFD for each such half. */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceLoneSurrogates(text);
      }
    }
    return text;
  }

  private static String replaceLoneSurrogates(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
