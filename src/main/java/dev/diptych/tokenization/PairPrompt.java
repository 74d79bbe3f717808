package dev.diptych.tokenization;

/**
 * What a decoder reads around the two texts of a pair. The parts may spell control tokens, the
 * texts may not: in them these are text. Each part ends where the tokenizer begins a new word,
 * whatever comes behind it.
 *
 * @param before what stands before the first text
 * @param between what stands between both
 * @param behind what stands behind the second text
 * @param beforeEach what stands before each text and is cut with it, such as a space
 * @param behindFirst what ends the first text and is cut with it, such as a line's end
 */
public record PairPrompt(
    String before, String between, String behind, String beforeEach, String behindFirst) {

  String first(String text) {
    return beforeEach + text + behindFirst;
  }

  String second(String text) {
    return beforeEach + text;
  }
}
