package dev.diptych.torchscript;

import java.util.Arrays;

/**
 * Splits the new tokens of a decode step into groups whose attention is computed together: runs of
 * neighbouring slots with one new token each. A slot with several has a group for each of them.
 *
 * <p>A run attends over the longest of its sequences, so that short neighbours waste work; another
 * run costs operator calls. The split with the least cost is found by dynamic programming.
 */
final class SlotGroups {

  private static final int WIDTH = 4;

  /**
   * Operator calls of one more group, in slot positions of attention that take as long. Measured on
   * two cores.
   */
  private static final long GROUP_COST = 256;

  private final long[] numbers;
  private int size;

  private SlotGroups(int tokens) {
    numbers = new long[WIDTH * tokens];
  }

  /**
   * The groups of slots {@code 0..count-1}.
   *
   * @param lengths new tokens of each slot
   * @param positions position of each slot's first new token
   * @param tokens sum of the lengths
   * @return first slot, number of tokens, common length and index of the first token, one group
   *     after the other, {@code [4 * groups]}
   */
  static long[] of(int count, int[] lengths, int[] positions, int tokens) {
    SlotGroups groups = new SlotGroups(tokens);
    int token = 0;
    for (int slot = 0; slot < count; ) {
      if (lengths[slot] > 1) {
        for (int i = 0; i < lengths[slot]; i++) {
          groups.add(slot, 1, positions[slot] + i + 1, token++);
        }
        slot++;
      } else {
        int end = slot;
        while (end < count && lengths[end] == 1) {
          end++;
        }
        groups.addSingles(slot, end, positions, token);
        token += end - slot;
        slot = end;
      }
    }
    return Arrays.copyOf(groups.numbers, groups.size);
  }

  private void add(int slot, int tokens, int length, int token) {
    numbers[size] = slot;
    numbers[size + 1] = tokens;
    numbers[size + 2] = length;
    numbers[size + 3] = token;
    size += WIDTH;
  }

  /* Slots [from, to), the first of whose tokens has this index. */
  private void addSingles(int from, int to, int[] positions, int token) {
    long[] cost = new long[to + 1]; // least cost of the slots from here to the last
    int[] next = new int[to + 1]; // where the group that begins here ends in that split
    for (int begin = to - 1; begin >= from; begin--) {
      cost[begin] = Long.MAX_VALUE;
      int length = 0;
      for (int end = begin + 1; end <= to; end++) {
        length = Math.max(length, positions[end - 1] + 1);
        long total = cost[end] + GROUP_COST + (long) (end - begin) * length;
        if (total < cost[begin]) {
          cost[begin] = total;
          next[begin] = end;
        }
      }
    }
    for (int begin = from; begin < to; begin = next[begin]) {
      int length = 0;
      for (int slot = begin; slot < next[begin]; slot++) {
        length = Math.max(length, positions[slot] + 1);
      }
      add(begin, next[begin] - begin, length, token + begin - from);
    }
  }
}
