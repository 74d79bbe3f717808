package dev.diptych.tasks;

/** Positions in a text in UTF-16 units, turned into code points. */
final class CodePoints {

  private final int[] codePointOfUnit; // empty when every code point is one unit

  CodePoints(String text) {
    if (text.codePointCount(0, text.length()) == text.length()) {
      codePointOfUnit = new int[0];
      return;
    }
    codePointOfUnit = new int[text.length() + 1];
    int codePoint = 0;
    for (int unit = 0; unit < text.length(); codePoint++) {
      int units = Character.charCount(text.codePointAt(unit));
      for (int end = unit + units; unit < end; unit++) {
        codePointOfUnit[unit] = codePoint;
      }
    }
    codePointOfUnit[text.length()] = codePoint;
  }

  int of(int unit) {
    return codePointOfUnit.length == 0 ? unit : codePointOfUnit[unit];
  }
}
