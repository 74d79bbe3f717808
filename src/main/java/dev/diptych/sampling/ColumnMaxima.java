package dev.diptych.sampling;

import java.util.Arrays;

/**
 * A row of scores as a table of columns, and the largest score of each column. Most columns cannot
 * hold what is looked for, so only a few are read again. One thread at a time.
 */
final class ColumnMaxima {

  /*
   * Score i lies in column i % COLUMNS, so that the maxima of all columns come from one pass of
   * vector instructions. If k columns have a maximum of at least t, then the k best scores are all
   * at least t.
   */

  static final int COLUMNS = 1024;

  private final float[] maxima = new float[COLUMNS];
  private final float[] ordered = new float[COLUMNS];
  private float[] row = {};
  private int offset;
  private int count;
  private float largest;

  /** Looks at {@code scores[begin, begin + length)}, which must not change while this is used. */
  void read(float[] scores, int begin, int length) {
    row = scores;
    offset = begin;
    count = length;
    Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < length; i += COLUMNS) {
      LogSumExp.raise(maxima, scores, begin + i, Math.min(COLUMNS, length - i));
    }
    largest = LogSumExp.largest(maxima, 0, COLUMNS);
  }

  /** The largest score; NaN if one is. */
  float largest() {
    return largest;
  }

  /** The first place of the largest score. */
  int indexOfLargest() {
    int first = count;
    for (int column = 0; column < COLUMNS; column++) {
      if (maxima[column] == largest) {
        for (int i = column; i < first; i += COLUMNS) {
          if (row[offset + i] == largest) {
            first = i;
          }
        }
      }
    }
    return first;
  }

  /** Collects a superset of the {@code best} best scores, a small one if {@code best} is small. */
  void collect(int best, Candidates candidates) {
    float bound = bound(best);
    candidates.size = 0;
    for (int column = 0; column < COLUMNS; column++) {
      if (maxima[column] >= bound && maxima[column] > Float.NEGATIVE_INFINITY) {
        for (int i = column; i < count; i += COLUMNS) {
          if (row[offset + i] >= bound && row[offset + i] > Float.NEGATIVE_INFINITY) {
            candidates.add(i, row[offset + i]);
          }
        }
      }
    }
  }

  private float bound(int best) {
    if (best > COLUMNS) {
      return Float.NEGATIVE_INFINITY;
    }
    System.arraycopy(maxima, 0, ordered, 0, COLUMNS);
    Arrays.sort(ordered);
    return ordered[COLUMNS - best];
  }
}
