package dev.diptych.chat;

/** The end of a text that may become a mark, with the spaces before it. */
final class HeldMark {

  private final StringBuilder spaces = new StringBuilder();
  private final StringBuilder begun = new StringBuilder();

  /**
   * Takes the next character.
   *
   * @param mark without spaces in it; empty if there is none
   * @return what can be no part of the mark any more, nor the spaces before it
   */
  String accept(char c, String mark) {
    begun.append(c);
    StringBuilder free = new StringBuilder();
    while (!begun.isEmpty() && !mark.startsWith(begun.toString())) {
      char first = begun.charAt(0);
      begun.deleteCharAt(0);
      if (Character.isWhitespace(first)) {
        spaces.append(first);
      } else {
        free.append(spaces).append(first);
        spaces.setLength(0);
      }
    }
    return free.toString();
  }

  boolean is(String mark) {
    return !mark.isEmpty() && begun.length() == mark.length();
  }

  /** Whether nothing but spaces is held. */
  boolean isBlank() {
    return begun.isEmpty();
  }

  /** All that is held, which is then no longer. */
  String take() {
    String held = spaces.append(begun).toString();
    spaces.setLength(0);
    begun.setLength(0);
    return held;
  }
}
