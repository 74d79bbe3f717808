package dev.diptych.generation;

import java.util.BitSet;

/** The end of a text that may yet turn out to be no part of it. */
final class HeldText {

  private final StringBuilder characters = new StringBuilder();
  private final BitSet hidden = new BitSet(); // those that are no part of the text in any case
  private int released;

  void add(char character, boolean visible) {
    if (!visible) {
      hidden.set(characters.length());
    }
    characters.append(character);
  }

  /** Appends all but the last {@code count} characters to a text, if they were not before. */
  void release(int count, StringBuilder text) {
    for (; released < characters.length() - count; released++) {
      if (!hidden.get(released)) {
        text.append(characters.charAt(released));
      }
    }
    if (released == characters.length()) {
      characters.setLength(0);
      hidden.clear();
      released = 0;
    }
  }
}
