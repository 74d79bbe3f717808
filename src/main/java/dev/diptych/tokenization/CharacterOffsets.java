package dev.diptych.tokenization;

/** Positions in a text counted in code points, turned into UTF-16 units. */
final class CharacterOffsets {

  private final int units;
  private final int[] unitOfCodePoint; // empty when every code point is one unit

  CharacterOffsets(String text) {
    units = text.length();
    int codePoints = text.codePointCount(0, units);
    if (codePoints == units) {
      unitOfCodePoint = new int[0];
      return;
    }
    unitOfCodePoint = new int[codePoints];
    int unit = 0;
    for (int i = 0; i < codePoints; i++) {
      unitOfCodePoint[i] = unit;
      unit += Character.charCount(text.codePointAt(unit));
    }
  }

  int unit(int codePoint) {
    if (unitOfCodePoint.length == 0) {
      return Math.min(codePoint, units);
    }
    return codePoint < unitOfCodePoint.length ? unitOfCodePoint[codePoint] : units;
  }
}
