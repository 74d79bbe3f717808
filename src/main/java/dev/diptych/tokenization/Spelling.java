package dev.diptych.tokenization;

import java.util.Map;

/** How entries of a vocabulary spell text. */
enum Spelling {
  /** Each character stands for a byte, as GPT-2's. */
  BYTES {
    @Override
    CharacterClass kind(char c) {
      if (c == SPACE_BYTE) {
        return CharacterClass.SPACE;
      }
      return c >= FIRST_BYTE && c <= DELETE_BYTE ? CharacterClass.CONTROL : CharacterClass.of(c);
    }

    @Override
    int size(char c) {
      return 1;
    }

    @Override
    String ofByte(int b, boolean fallsBack) {
      return String.valueOf(byteCharacter(b));
    }
  },
  /** Each character stands for itself. */
  PLAIN {
    @Override
    CharacterClass kind(char c) {
      return CharacterClass.of(c);
    }

    @Override
    int size(char c) {
      return CharacterClass.bytes(c);
    }

    @Override
    String ofByte(int b, boolean fallsBack) {
      return b < 0x80 ? String.valueOf((char) b) : "";
    }
  },
  /** As that, but U+2581 stands for a space, and {@code <0x0A>} for a byte. */
  SENTENCE_PIECE {
    @Override
    CharacterClass kind(char c) {
      return c == SPACE_MARK ? CharacterClass.SPACE : CharacterClass.of(c);
    }

    @Override
    int size(char c) {
      return c == SPACE_MARK ? 1 : CharacterClass.bytes(c);
    }

    @Override
    String ofByte(int b, boolean fallsBack) {
      if (b > ' ' && b < 0x7F) {
        return String.valueOf((char) b);
      }
      return b == ' ' ? String.valueOf(SPACE_MARK) : fallsBack ? "<0x%02X>".formatted(b) : "";
    }
  };

  private static final char SPACE_MARK = '\u2581';
  private static final char FIRST_BYTE = '\u0100'; // of those that have no character of their own
  private static final char SPACE_BYTE = '\u0120';
  private static final char DELETE_BYTE = '\u0121';

  abstract CharacterClass kind(char c);

  abstract int size(char c);

  /** The entry for a single byte of UTF-8; empty if there can be none. */
  abstract String ofByte(int b, boolean fallsBack);

  /** Which bytes a vocabulary has. */
  boolean[] spelled(Vocabulary vocabulary, boolean fallsBack) {
    boolean[] spelled = new boolean[256];
    for (int b = 0; b < spelled.length; b++) {
      spelled[b] = vocabulary.id(ofByte(b, fallsBack)).isPresent();
    }
    return spelled;
  }

  /**
   * Raises the largest counts to those of an entry.
   *
   * @return whether it does not go on behind a space
   */
  boolean count(String entry, Map<CharacterClass, Integer> most) {
    int[] counts = new int[CharacterClass.COUNT];
    boolean apart = true;
    for (int i = 0; i < entry.length(); i++) {
      CharacterClass kind = kind(entry.charAt(i));
      counts[kind.index()] += size(entry.charAt(i));
      if (entry.charAt(i) == SPACE_MARK && kind == CharacterClass.SPACE) { // or the mark itself
        counts[CharacterClass.OTHER.index()] += CharacterClass.bytes(SPACE_MARK);
      }
      apart &= kind != CharacterClass.SPACE || i == 0 || kind(entry.charAt(i - 1)).isBlank();
    }
    for (CharacterClass kind : CharacterClass.values()) {
      if (counts[kind.index()] > 0) {
        most.merge(kind, counts[kind.index()], Math::max);
      }
    }
    return apart;
  }

  /* GPT-2 gives the bytes without a printable character those from U+0100 on, in their order. */
  private static char byteCharacter(int b) {
    if (b <= ' ') {
      return (char) (FIRST_BYTE + b);
    }
    if (b >= 0x7F && b <= 0xA0) {
      return (char) (DELETE_BYTE + b - 0x7F);
    }
    return b == 0xAD ? '\u0143' : (char) b;
  }
}
