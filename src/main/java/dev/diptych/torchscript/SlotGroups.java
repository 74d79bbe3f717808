package dev.diptych.torchscript;

/**
 * Splits the slots of a decode step into runs of neighbours whose attention is computed together.
 *
 * <p>A run attends over the longest of its sequences, so that short neighbours waste work; another
 * run costs operator calls. The split with the least cost is found by dynamic programming.
 */
final class SlotGroups {

  /**
   * Operator calls of one more group, in slot positions of attention that take as long. Measured on
   * two cores.
   */
  private static final long GROUP_COST = 256;

  private SlotGroups() {}

  /**
   * The groups of slots {@code 0..count-1}.
   *
   * @param positions position of each slot's new token
   * @return first slot, number of slots and common length of each group, one after the other,
   *     {@code [3 * groups]}
   */
  static long[] of(int[] positions, int count) {
    long[] cost = new long[count + 1]; // least cost of the first i slots
    int[] begin = new int[count + 1]; // where the last group of that split begins
    for (int end = 1; end <= count; end++) {
      cost[end] = Long.MAX_VALUE;
      int length = 0;
      for (int first = end - 1; first >= 0; first--) {
        length = Math.max(length, positions[first] + 1);
        long total = cost[first] + GROUP_COST + (long) (end - first) * length;
        if (total < cost[end]) {
          cost[end] = total;
          begin[end] = first;
        }
      }
    }
    return unfold(positions, begin, count);
  }

  private static long[] unfold(int[] positions, int[] begin, int count) {
    int groups = 0;
    for (int end = count; end > 0; end = begin[end]) {
      groups++;
    }
    long[] result = new long[3 * groups];
    for (int end = count; end > 0; end = begin[end]) {
      groups--;
      int length = 0;
      for (int slot = begin[end]; slot < end; slot++) {
        length = Math.max(length, positions[slot] + 1);
      }
      result[3 * groups] = begin[end];
      result[3 * groups + 1] = (long) end - begin[end];
      result[3 * groups + 2] = length;
    }
    return result;
  }
}
