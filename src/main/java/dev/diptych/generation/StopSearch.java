package dev.diptych.generation;

/**
 * Looks for one stop sequence in a text that comes in pieces. Each character is looked at once,
 * however much of the sequence the text before it resembles.
 *
 * <p>The search is that of Knuth, Morris and Pratt 1977 (SIAM Journal on Computing 6).
 */
final class StopSearch {

  private final String stop;
  private final int[] borders; // of each beginning: the longest end of it that begins it too
  private int matched;

  /** A search that has seen nothing; the sequence has at least one character. */
  StopSearch(String stop) {
    this.stop = stop;
    this.borders = new int[stop.length() + 1];
    borders[0] = -1;
    for (int length = 1; length <= stop.length(); length++) {
      borders[length] = longerBy(stop.charAt(length - 1), borders[length - 1]);
    }
  }

  /** Takes the next character: whether it is the last of the sequence. */
  boolean endsWith(char next) {
    matched = longerBy(next, matched == stop.length() ? borders[matched] : matched);
    return matched == stop.length();
  }

  int length() {
    return stop.length();
  }

  /** How much of the sequence the text ends with. */
  int matched() {
    return matched;
  }

  /* How much of the sequence ends with this character behind so much of it. */
  private int longerBy(char next, int length) {
    int rest = length;
    while (rest >= 0 && stop.charAt(rest) != next) {
      rest = borders[rest];
    }
    return rest + 1;
  }
}
