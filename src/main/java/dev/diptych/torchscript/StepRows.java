package dev.diptych.torchscript;

import java.util.Arrays;

/**
 * The rows of a decode step, first the first new token of each slot and behind them the others,
 * slot by slot, and the groups of rows whose attention is computed together.
 *
 * @param tokens ids, {@code [rows]}
 * @param slots of the tokens, {@code [rows]}
 * @param positions of the tokens, {@code [rows]}
 * @param order the row of each token as the caller counts them, all of slot 0 first, {@code
 *     [rows]}; empty if they are in that order
 * @param groups five numbers for each group: its first slot, how many slots further the next row's
 *     is (0 or 1), its rows, how many cached tokens they look at, its first row
 */
@SuppressWarnings("ArrayRecordComponent")
record StepRows(int[] tokens, int[] slots, int[] positions, int[] order, long[] groups) {

  /**
   * The rows of slots {@code 0..count-1}.
   *
   * @param lengths new tokens of each slot
   * @param tokens new tokens, all of slot 0 first
   * @param positions position of each slot's first new token
   * @param attention how rows can be grouped
   */
  static StepRows of(
      int count, int[] lengths, int[] tokens, int[] positions, SlotGroups.Attention attention) {
    int rows = Arrays.stream(lengths, 0, count).sum();
    int[] order = new int[rows];
    int[] ids = new int[rows];
    int[] slots = new int[rows];
    int[] places = new int[rows];
    int token = 0;
    int next = count;
    for (int slot = 0; slot < count; slot++) {
      for (int i = 0; i < lengths[slot]; i++) {
        int row = i == 0 ? slot : next++;
        order[token] = row;
        ids[row] = tokens[token++];
        slots[row] = slot;
        places[row] = positions[slot] + i;
      }
    }
    long[] groups = SlotGroups.of(count, lengths, positions, attention);
    return new StepRows(ids, slots, places, rows == count ? new int[0] : order, groups);
  }
}
