package dev.diptych.encoding;

/**
 * A word between two texts. In neither a special token is recognised: they may be of anybody.
 *
 * @param before what stands before it; may be empty
 * @param word of one or more tokens
 * @param after what stands behind it, likewise
 */
public record Cloze(String before, String word, String after) {

  /** Code points of all of it. */
  int characters() {
    return before.codePointCount(0, before.length())
        + word.codePointCount(0, word.length())
        + after.codePointCount(0, after.length());
  }
}
