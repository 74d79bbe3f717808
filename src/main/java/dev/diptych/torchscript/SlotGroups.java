package dev.diptych.torchscript;

import dev.diptych.model.NextTokens;
import java.util.Arrays;

/**
 * Splits the rows of a decode step into groups whose attention is computed together: runs of
 * neighbouring slots with one row each, or several rows of one slot.
 *
 * <p>A run attends over the longest of its sequences, so that short neighbours waste work; another
 * run costs operator calls. The split with the least cost is found by dynamic programming.
 */
final class SlotGroups {

  /*
   * Fused attention adds up keys in vectors, and what a mask hides adds zeros. Over a whole number of
   * vectors a row's result is the same bit for bit, however many more of them its group looks at, so
   * that the tokens of a draft may share a group. Other attention is another computation for every
   * length and every group: a slot with several rows has a group for each. As oneDNN compiles kernels
   * for every new length, groups that it computes have whole vectors too.
   */

  private static final int WIDTH = 5;
  private static final int VECTOR = 16;
  private static final int PRODUCTS_BY_ONE_DNN = 512; // rows times tokens, as in products.py

  /**
   * Operator calls of one more group, in slot positions of attention that take as long. Measured on
   * two cores.
   */
  private static final long GROUP_COST = 256;

  /**
   * How rows can be grouped.
   *
   * @param fused whether attention is fused.py's
   * @param capacity tokens that a slot has room for
   */
  record Attention(boolean fused, int capacity) {

    private int length(int rows, int tokens) {
      return fused || rows * tokens >= PRODUCTS_BY_ONE_DNN
          ? Math.min(capacity, Math.ceilDiv(tokens, VECTOR) * VECTOR)
          : tokens;
    }
  }

  private final Attention attention;
  private final int firstSlot;
  private final int[] lengths;
  private final int[] positions;
  private final long[] numbers;
  private int size;
  private int row;

  private SlotGroups(NextTokens next, Attention attention) {
    this.attention = attention;
    this.firstSlot = next.first();
    this.lengths = next.lengths();
    this.positions = next.positions();
    this.numbers = new long[WIDTH * next.tokensOf(next.count())];
  }

  /**
   * The groups of next tokens, in the order of {@link StepRows}.
   *
   * @return the numbers that {@link StepRows#groups} describes
   */
  static long[] of(NextTokens next, Attention attention) {
    SlotGroups groups = new SlotGroups(next, attention);
    groups.firstTokens(next.count());
    groups.furtherTokens(next.count());
    return Arrays.copyOf(groups.numbers, groups.size);
  }

  private void firstTokens(int count) {
    for (int slot = 0; slot < count; ) {
      int end = slot + 1;
      if (joins(slot)) {
        while (end < count && joins(end)) {
          end++;
        }
      }
      addRun(slot, end, 0);
      slot = end;
    }
  }

  private boolean joins(int slot) {
    return attention.fused || lengths[slot] == 1;
  }

  private void furtherTokens(int count) {
    for (int slot = 0; slot < count; ) {
      int end = slot + 1;
      if (lengths[slot] == 2 && attention.fused) {
        while (end < count && lengths[end] == 2) {
          end++;
        }
        addRun(slot, end, 1);
      } else if (attention.fused && lengths[slot] > 2) {
        add(slot, 0, lengths[slot] - 1, positions[slot] + lengths[slot]);
      } else {
        for (int i = 1; i < lengths[slot]; i++) {
          add(slot, 0, 1, positions[slot] + i + 1);
        }
      }
      slot = end;
    }
  }

  private void add(int slot, int slotStep, int rows, int tokens) {
    numbers[size] = (long) firstSlot + slot;
    numbers[size + 1] = slotStep;
    numbers[size + 2] = rows;
    numbers[size + 3] = attention.length(rows, tokens);
    numbers[size + 4] = row;
    size += WIDTH;
    row += rows;
  }

  /* A row of each of the slots [from, to): new token number i. */
  private void addRun(int from, int to, int i) {
    long[] cost = new long[to + 1]; // least cost of the slots from here to the last
    int[] next = new int[to + 1]; // where the group that begins here ends in that split
    for (int begin = to - 1; begin >= from; begin--) {
      cost[begin] = Long.MAX_VALUE;
      int longest = 0;
      for (int end = begin + 1; end <= to; end++) {
        longest = Math.max(longest, positions[end - 1] + i + 1);
        long total = cost[end] + GROUP_COST + (long) (end - begin) * longest;
        if (total < cost[begin]) {
          cost[begin] = total;
          next[begin] = end;
        }
      }
    }
    for (int begin = from; begin < to; begin = next[begin]) {
      int longest = 0;
      for (int slot = begin; slot < next[begin]; slot++) {
        longest = Math.max(longest, positions[slot] + i + 1);
      }
      add(begin, 1, next[begin] - begin, longest);
    }
  }
}
