package dev.diptych.tokenization.template;

/**
 * A mark in a text that a template writes on like any other character. No text from outside holds
 * one: it is a low surrogate that stands alone.
 */
public enum PlaceMark {
  /** Keeps what is before and behind it from being read as one. */
  BREAK('\uDC00'),
  /** The end of a text. */
  END('\uDC01');

  private final char character;

  PlaceMark(char character) {
    this.character = character;
  }

  public char character() {
    return character;
  }

  /** Whether this mark is at a position. */
  public boolean isAt(String text, int i) {
    return text.charAt(i) == character
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  /** Whether any mark is at a position. */
  static boolean isAnyAt(String text, int i) {
    return BREAK.isAt(text, i) || END.isAt(text, i);
  }

  /** Whether a code point is a mark. */
  static boolean is(int codePoint) {
    return codePoint == BREAK.character || codePoint == END.character;
  }

  /** Where the mark is last; -1 if nowhere. */
  public int lastIn(String text) {
    int at = text.lastIndexOf(character);
    while (at >= 0 && !isAt(text, at)) {
      at = text.lastIndexOf(character, at - 1);
    }
    return at;
  }

  /** The text without this mark. */
  public String removedFrom(String text) {
    if (text.indexOf(character) < 0) {
      return text;
    }
    StringBuilder rest = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!isAt(text, i)) {
        rest.append(text.charAt(i));
      }
    }
    return rest.toString();
  }
}
