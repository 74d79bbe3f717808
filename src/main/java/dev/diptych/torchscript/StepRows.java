package dev.diptych.torchscript;

import dev.diptych.model.NextTokens;
import dev.diptych.model.PromptChunk;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a step: the first next token of each slot, behind them the others, slot by slot, then
 * chunk after chunk; and the groups of rows whose attention is computed together.
 *
 * @param tokens ids, {@code [rows]}
 * @param slots of the next tokens, {@code [next tokens]}
 * @param positions of the tokens, {@code [rows]}
 * @param groups of next tokens, five numbers for each: its first slot, how many slots further the
 *     next row's is (0 or 1), its rows, how many cached tokens they look at, its first row
 * @param chunks slot, start and rows of each
 * @param wanted the rows whose logits the caller wants, in its order; empty if these are the next
 *     tokens as they lie here
 */
@SuppressWarnings("ArrayRecordComponent")
record StepRows(
    int[] tokens, int[] slots, int[] positions, long[] groups, long[] chunks, int[] wanted) {

  /*
   * oneDNN compiles kernels for every new size, so that a chunk is padded to a multiple of a tile's
   * rows where its slot has room, and the rows of a step with chunks to another one.
   */

  /** Rows of a tile of the CPU's matrix unit. */
  static final int TILE = 16;

  private static final int NUMBERS_OF_A_CHUNK = 3;

  /**
   * The rows of chunks and next tokens.
   *
   * @param attention how rows can be grouped
   */
  static StepRows of(List<PromptChunk> chunks, NextTokens next, SlotGroups.Attention attention) {
    int decoded = next.tokensOf(next.count());
    int[] padded =
        chunks.stream()
            .mapToInt(chunk -> padded(chunk.start(), chunk.tokens().length, attention.capacity()))
            .toArray();
    int rows = decoded + Arrays.stream(padded).sum();
    int total = chunks.isEmpty() ? rows : wholeTiles(rows);
    int[] tokens = new int[total];
    int[] positions = new int[total];
    int[] slots = new int[decoded];
    int wantedOfChunks = chunks.stream().mapToInt(PromptChunk::rows).sum();
    int[] wanted = new int[wantedOfChunks + decoded];
    placeNext(next, tokens, positions, slots, wanted, wantedOfChunks);
    long[] numbers = new long[NUMBERS_OF_A_CHUNK * chunks.size()];
    int first = decoded;
    int answered = 0;
    for (int i = 0; i < padded.length; i++) {
      PromptChunk chunk = chunks.get(i);
      int count = chunk.tokens().length;
      System.arraycopy(chunk.tokens(), 0, tokens, first, count);
      for (int row = 0; row < padded[i]; row++) {
        positions[first + row] = chunk.start() + row;
      }
      for (int row = count - chunk.rows(); row < count; row++) {
        wanted[answered++] = first + row;
      }
      numbers[NUMBERS_OF_A_CHUNK * i] = chunk.slot();
      numbers[NUMBERS_OF_A_CHUNK * i + 1] = chunk.start();
      numbers[NUMBERS_OF_A_CHUNK * i + 2] = padded[i];
      first += padded[i];
    }
    long[] groups = SlotGroups.of(next, attention);
    boolean inOrder = chunks.isEmpty() && decoded == next.count();
    return new StepRows(tokens, slots, positions, groups, numbers, inOrder ? new int[0] : wanted);
  }

  private static void placeNext(
      NextTokens next, int[] tokens, int[] positions, int[] slots, int[] wanted, int firstWanted) {
    int token = 0;
    int further = next.count();
    for (int slot = 0; slot < next.count(); slot++) {
      for (int i = 0; i < next.lengths()[slot]; i++) {
        int row = i == 0 ? slot : further++;
        wanted[firstWanted + token] = row;
        tokens[row] = next.tokens()[token++];
        slots[row] = next.first() + slot;
        positions[row] = next.positions()[slot] + i;
      }
    }
  }

  private static int padded(int start, int tokens, int capacity) {
    int padded = wholeTiles(tokens);
    return start + padded <= capacity ? padded : tokens;
  }

  private static int wholeTiles(int rows) {
    return Math.ceilDiv(rows, TILE) * TILE;
  }
}
