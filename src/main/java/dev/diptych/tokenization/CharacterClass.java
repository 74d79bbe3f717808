package dev.diptych.tokenization;

/** Kinds of characters that are counted apart, as tokens rarely mix them. */
enum CharacterClass {
  LETTER(0),
  DIGIT(1),
  PUNCTUATION(2),
  SPACE(3),
  /** Line feeds, tabs, and what cannot be seen. */
  CONTROL(4),
  /** Everything beyond ASCII, in bytes of UTF-8. */
  OTHER(5);

  /** How many classes there are. */
  static final int COUNT = 6;

  private static final CharacterClass[] OF_ASCII = ofAscii();

  private final int index;

  CharacterClass(int index) {
    this.index = index;
  }

  /** Where it stands in an array of {@link #COUNT} numbers. */
  int index() {
    return index;
  }

  private static CharacterClass[] ofAscii() {
    CharacterClass[] classes = new CharacterClass[0x80];
    for (char c = 0; c < classes.length; c++) {
      classes[c] =
          c == ' '
              ? SPACE
              : c < ' ' || c == 0x7F
                  ? CONTROL
                  : Character.isDigit(c) ? DIGIT : Character.isLetter(c) ? LETTER : PUNCTUATION;
    }
    return classes;
  }

  static CharacterClass of(char c) {
    return c < OF_ASCII.length ? OF_ASCII[c] : OTHER;
  }

  /** Bytes of UTF-8; half of those of a character for half of a surrogate pair. */
  static int bytes(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  boolean isBlank() {
    return this == SPACE || this == CONTROL;
  }

  boolean isLetterOrDigit() {
    return this == LETTER || this == DIGIT;
  }
}
