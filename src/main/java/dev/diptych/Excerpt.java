package dev.diptych;

/** The beginning of a text that others wrote, short enough for a message. */
public final class Excerpt {

  private static final int MOST = 300;
  private static final int END = 60;

  private Excerpt() {}

  /** The text itself, or its beginning and its end with the number of characters between. */
  public static String of(String text) {
    if (text.length() <= MOST) {
      return text;
    }
    int head = border(text, MOST - END);
    int tail = border(text, text.length() - END);
    return "%s… (%d more characters) …%s"
        .formatted(text.substring(0, head), tail - head, text.substring(tail));
  }

  /** No border between the halves of one character. */
  private static int border(String text, int at) {
    return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }
}
