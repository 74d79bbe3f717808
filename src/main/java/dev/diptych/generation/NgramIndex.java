package dev.diptych.generation;

import java.security.SecureRandom;

/** Where each n-gram of a growing sequence of tokens ended last. */
final class NgramIndex {

  /*
   * An open-addressed table of ends with linear probing, at most half full. It holds no n-grams:
   * they are compared in the tokens themselves. Where they lie is drawn for each process, so that no
   * prompt can be made of which all want the same place; what is found does not depend on it.
   */

  static final int NOWHERE = 0;

  private static final int SMALLEST_TABLE = 64;
  private static final long SEED = new SecureRandom().nextLong();
  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  private final int n;
  private int[] ends = new int[SMALLEST_TABLE];
  private int used;

  NgramIndex(int n) {
    this.n = n;
  }

  /** Notes the n-gram before {@code end}; nothing happens if there are fewer tokens. */
  void add(int[] tokens, int end) {
    if (end < n) {
      return;
    }
    if (2 * used == ends.length) {
      grow(tokens);
    }
    int place = place(tokens, end);
    used += ends[place] == NOWHERE ? 1 : 0;
    ends[place] = end;
  }

  /** The end of the last noted n-gram that is the same as the one before {@code end}. */
  int find(int[] tokens, int end) {
    return end < n ? NOWHERE : ends[place(tokens, end)];
  }

  private void grow(int[] tokens) {
    int[] old = ends;
    ends = new int[2 * old.length];
    for (int end : old) {
      if (end != NOWHERE) {
        ends[place(tokens, end)] = end;
      }
    }
  }

  /* Of this n-gram, or the free one where it belongs. */
  private int place(int[] tokens, int end) {
    int place = hash(tokens, end) & ends.length - 1;
    while (ends[place] != NOWHERE && !same(tokens, ends[place], end)) {
      place = place + 1 & ends.length - 1;
    }
    return place;
  }

  private boolean same(int[] tokens, int one, int other) {
    for (int i = 1; i <= n; i++) {
      if (tokens[one - i] != tokens[other - i]) {
        return false;
      }
    }
    return true;
  }

  private int hash(int[] tokens, int end) {
    long hash = SEED;
    for (int i = 1; i <= n; i++) {
      hash = (hash ^ tokens[end - i]) * FACTOR;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }
}
