package dev.diptych.tokenization;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

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

    @Override
    byte[] bytes(String entry) {
      byte[] bytes = new byte[entry.length()];
      for (int i = 0; i < bytes.length; i++) {
        int b = byteOf(entry.charAt(i));
        if (b < 0) { // an added token, which is text as it is
          return entry.getBytes(StandardCharsets.UTF_8);
        }
        bytes[i] = (byte) b;
      }
      return bytes;
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

    @Override
    byte[] bytes(String entry) {
      return entry.getBytes(StandardCharsets.UTF_8);
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

    @Override
    byte[] bytes(String entry) {
      return BYTE.matcher(entry).matches()
          ? new byte[] {(byte) Integer.parseInt(entry, 3, 5, 16)}
          : entry.replace(SPACE_MARK, ' ').getBytes(StandardCharsets.UTF_8);
    }
  };

  private static final char SPACE_MARK = '\u2581';
  private static final char FIRST_BYTE = '\u0100'; // of those that have no character of their own
  private static final char SPACE_BYTE = '\u0120';
  private static final char DELETE_BYTE = '\u0121';
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  abstract CharacterClass kind(char c);

  abstract int size(char c);

  /** The entry for a single byte of UTF-8; empty if there can be none. */
  abstract String ofByte(int b, boolean fallsBack);

  /** The bytes of UTF-8 that an entry adds to a text in which it is not the first. */
  abstract byte[] bytes(String entry);

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

  private static int byteOf(char c) {
    if (c >= FIRST_BYTE && c < DELETE_BYTE) {
      return c - FIRST_BYTE;
    }
    if (c >= DELETE_BYTE && c <= '\u0142') {
      return c - DELETE_BYTE + 0x7F;
    }
    if (c == '\u0143') {
      return 0xAD;
    }
    boolean isItself = (c > ' ' && c < 0x7F) || (c > 0xA0 && c <= 0xFF && c != 0xAD);
    return isItself ? c : -1;
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
