package dev.diptych.sampling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a step may still choose from, with their scores. The buffers are made once for a
 * vocabulary and used by every sequence of one thread.
 */
public final class Candidates {

  /*
   * Filters need the best few of a whole vocabulary. They take them by quickselect, which is linear,
   * and sort only what they took. The order is total (score, then smaller id), so that no result
   * depends on where a candidate lies in the buffer.
   */

  final float[] scores;
  final int[] ids;
  int size;
  final ColumnMaxima columns = new ColumnMaxima();
  private final long[] keys;
  private @Nullable Candidates second;

  /** Buffers for a vocabulary of this size. */
  public Candidates(int vocabularySize) {
    scores = new float[vocabularySize];
    ids = new int[vocabularySize];
    keys = new long[vocabularySize];
  }

  /** A second buffer of the same size for a step that needs another order. */
  Candidates second() {
    Candidates other = second;
    if (other == null) {
      other = new Candidates(ids.length);
      second = other;
    }
    return other;
  }

  /** Starts over with a row of scores; tokens of probability 0 are left out. */
  void fill(float[] row, int offset, int vocabularySize) {
    size = 0;
    for (int id = 0; id < vocabularySize; id++) {
      float score = row[offset + id];
      if (score > Float.NEGATIVE_INFINITY) {
        add(id, score);
      }
    }
  }

  void add(int id, float score) {
    scores[size] = score;
    ids[size++] = id;
  }

  /** Moves the best {@code count} candidates to the front and puts them in order. */
  void orderBest(int count) {
    int best = Math.min(count, size);
    select(best);
    sort(0, best);
  }

  /** Drops all but the first {@code count}. */
  void keep(int count) {
    size = Math.min(size, count);
  }

  /* Quickselect with the median of three: afterwards [0, count) are the best ones, unordered. */
  private void select(int count) {
    int low = 0;
    int high = size - 1;
    while (low < high && count > low && count <= high) {
      int boundary = partition(low, high);
      if (boundary >= count) {
        high = boundary - 1;
      }
      if (boundary <= count - 1) {
        low = boundary + 1;
      }
    }
  }

  /* Puts a pivot to its final place, better ones before it, and says where. */
  private int partition(int low, int high) {
    int middle = (low + high) >>> 1;
    if (isBetter(middle, low)) {
      swap(middle, low);
    }
    if (isBetter(high, low)) {
      swap(high, low);
    }
    if (isBetter(middle, high)) {
      swap(middle, high);
    }
    int boundary = low; // the median lies at high and is the pivot
    for (int i = low; i < high; i++) {
      if (isBetter(i, high)) {
        swap(i, boundary++);
      }
    }
    swap(boundary, high);
    return boundary;
  }

  /* Sorts [from, to) as longs: the score's bits in descending order above, the id below. */
  private void sort(int from, int to) {
    for (int i = from; i < to; i++) {
      int bits = Float.floatToIntBits(scores[i] + 0f);
      int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      keys[i] = ((long) ~ascending << 32) | ids[i];
    }
    Arrays.sort(keys, from, to);
    for (int i = from; i < to; i++) {
      long key = keys[i];
      int ascending = ~(int) (key >> 32);
      scores[i] = Float.intBitsToFloat(ascending ^ ((ascending >> 31) & Integer.MAX_VALUE));
      ids[i] = (int) key;
    }
  }

  private boolean isBetter(int a, int b) {
    return scores[a] > scores[b] || (scores[a] == scores[b] && ids[a] < ids[b]);
  }

  private void swap(int a, int b) {
    float score = scores[a];
    scores[a] = scores[b];
    scores[b] = score;
    int id = ids[a];
    ids[a] = ids[b];
    ids[b] = id;
  }
}
