package dev.diptych.tasks;

/**
 * A token with the probability of each label.
 *
 * <p>The array is not copied.
 *
 * @param index which token of its window it is, special ones counted
 * @param word its entry in the vocabulary, or the text itself if the vocabulary cannot spell it
 * @param continuesWord whether it belongs to the word of the token before it
 * @param scores {@code [labels]}
 * @param start first code point
 * @param end one past the last
 */
@SuppressWarnings("ArrayRecordComponent")
record ScoredToken(
    int index, String word, boolean continuesWord, float[] scores, int start, int end) {

  /** The label with the highest score; of equals the first. */
  int best() {
    return best(scores);
  }

  /** The highest score. */
  float bestScore() {
    return scores[best()];
  }

  static int best(float[] scores) {
    int best = 0;
    for (int label = 1; label < scores.length; label++) {
      if (scores[label] > scores[best]) {
        best = label;
      }
    }
    return best;
  }
}
