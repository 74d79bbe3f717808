package dev.diptych.sampling;

import java.util.Arrays;

/** How often each token occurs in a growing sequence, from one place on. */
final class TokenCounts {

  private static final int FIRST_LENGTH = 256;

  private final int[] counts;
  private int[] distinct = {};
  private int size;
  private int counted;

  /** Counts of no token yet, in a vocabulary of this size. */
  TokenCounts(int vocabularySize, int from) {
    this.counts = new int[vocabularySize];
    this.counted = from;
  }

  /** Counts what was not there the last time; tokens beyond the vocabulary are passed over. */
  void count(int[] tokens, int end) {
    for (; counted < end; counted++) {
      int token = tokens[counted];
      if (token < counts.length && counts[token]++ == 0) {
        if (size == distinct.length) {
          distinct = Arrays.copyOf(distinct, Math.max(FIRST_LENGTH, 2 * size));
        }
        distinct[size++] = token;
      }
    }
  }

  /** How many different tokens there are. */
  int size() {
    return size;
  }

  int id(int index) {
    return distinct[index];
  }

  int of(int id) {
    return counts[id];
  }
}
