package dev.diptych.torchscript;

/**
 * Splits the slots of a decode step into runs of neighbours whose attention is computed together.
 *
 * <p>A run attends over the longest of its sequences, so that short neighbours waste work; another
 * run costs operator calls. The split with the least cost is found by dynamic programming.
 */
final class SlotGroups {

  /** Numbers that describe a group. */
  static final int WIDTH = 5;

  /**
   * Operator calls of one more group, in slot positions of attention that take as long. Measured on
   * two cores.
   */
  private static final long GROUP_COST = 256;

  private SlotGroups() {}

  /**
   * The groups of slots {@code 0..count-1}. Slots of a group have as many new tokens.
   *
   * @param lengths new tokens of each slot
   * @param positions position of each slot's first new token
   * @return first slot, number of slots, common length, new tokens of each slot and index of the
   *     first new token, one group after the other, {@code [5 * groups]}
   */
  static long[] of(int count, int[] lengths, int[] positions) {
    long[] cost = new long[count + 1]; // least cost of the first i slots
    int[] begin = new int[count + 1]; // where the last group of that split begins
    for (int end = 1; end <= count; end++) {
      cost[end] = Long.MAX_VALUE;
      int seen = 0;
      for (int first = end - 1; first >= 0 && lengths[first] == lengths[end - 1]; first--) {
        seen = Math.max(seen, positions[first] + lengths[first]);
        long total = cost[first] + GROUP_COST + (long) (end - first) * seen;
        if (total < cost[end]) {
          cost[end] = total;
          begin[end] = first;
        }
      }
    }
    return unfold(count, lengths, positions, begin);
  }

  private static long[] unfold(int count, int[] lengths, int[] positions, int[] begin) {
    int groups = 0;
    int token = 0;
    for (int end = count; end > 0; end = begin[end]) {
      groups++;
    }
    for (int slot = 0; slot < count; slot++) {
      token += lengths[slot];
    }
    long[] result = new long[WIDTH * groups];
    for (int end = count; end > 0; end = begin[end]) {
      groups--;
      int seen = 0;
      for (int slot = begin[end]; slot < end; slot++) {
        seen = Math.max(seen, positions[slot] + lengths[slot]);
        token -= lengths[slot];
      }
      result[WIDTH * groups] = begin[end];
      result[WIDTH * groups + 1] = (long) end - begin[end];
      result[WIDTH * groups + 2] = seen;
      result[WIDTH * groups + 3] = lengths[begin[end]];
      result[WIDTH * groups + 4] = token;
    }
    return result;
  }
}
