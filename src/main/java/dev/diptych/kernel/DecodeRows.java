package dev.diptych.kernel;

import java.util.Arrays;

/**
 * The tokens that go through a pass over the weights, as rows.
 *
 * @param first of the tokens; {@code count} belong to the pass
 */
@SuppressWarnings("ArrayRecordComponent")
record DecodeRows(int[] tokens, int[] slots, int[] positions, int first, int count) {

  int token(int row) {
    return tokens[first + row];
  }

  int slot(int row) {
    return slots[first + row];
  }

  int position(int row) {
    return positions[first + row];
  }

  /** Whether a row is followed by the next token of its sequence. */
  boolean continues(int row) {
    return row + 1 < count && slot(row + 1) == slot(row);
  }

  /** Whether no row has to see another, as each is of another sequence. */
  boolean areApart() {
    for (int row = 0; row < count; row++) {
      if (continues(row)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Begins and ends of runs of at most so many tokens that follow each other, {@code [runs + 1]}.
   */
  int[] runs(int most) {
    int[] begins = new int[count + 1];
    int runs = 0;
    for (int row = 1; row < count; row++) {
      if (!continues(row - 1) || row - begins[runs] == most) {
        begins[++runs] = row;
      }
    }
    begins[++runs] = count;
    return Arrays.copyOf(begins, runs + 1);
  }
}
