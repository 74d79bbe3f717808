package dev.diptych.torchscript;

import dev.diptych.model.EncoderBatch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A batch in order of length with a little padding, so that inputs of about the same length lie
 * side by side and share their attention calls.
 *
 * @param order the original index of each input, {@code [inputs]}
 * @param tokenIds ids in the new order, {@code [tokens]}
 * @param typeIds segments in the new order, {@code [tokens]}
 * @param places positions in the new order, {@code [tokens]}
 * @param runs how many inputs and their padded length, one pair after the other, {@code [2 *
 *     runs]}; tokens behind all of them are padding too
 * @param lengths of the inputs in the new order, without padding, {@code [inputs]}
 * @param firstTokens where each original input begins in the new order, {@code [inputs]}
 */
@SuppressWarnings("ArrayRecordComponent")
record LengthRuns(
    int[] order,
    int[] tokenIds,
    int[] typeIds,
    int[] places,
    long[] runs,
    int[] lengths,
    int[] firstTokens) {

  /*
   * oneDNN compiles a kernel for every shape that it has not seen, which takes longer than a short
   * text itself. An input is padded to a multiple of a tile's rows, short ones to one of a few where
   * rows cost as much as they are, and the batch to one of 16 sizes between two powers of two.
   */

  private static final int SHORT = 4 * StepRows.TILE;
  private static final int SIZES_PER_DOUBLING = 16;

  /**
   * Sorts and pads a batch. Padding is token 0 at the first position.
   *
   * @param step to a multiple of how many tokens short inputs are padded
   * @param firstPosition position of an input's first token, as {@link EncoderBatch#positions} has
   *     it
   */
  static LengthRuns of(EncoderBatch batch, int step, int firstPosition) {
    int[] offsets = batch.offsets();
    int inputs = batch.inputs();
    int[] order =
        IntStream.range(0, inputs)
            .boxed()
            .sorted(Comparator.comparingInt(i -> offsets[i + 1] - offsets[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] lengths = Arrays.stream(order).map(i -> offsets[i + 1] - offsets[i]).toArray();
    int tokens =
        batchSize(Arrays.stream(lengths).map(length -> inputSize(length, step)).sum(), step);
    int[] tokenIds = new int[tokens];
    int[] typeIds = new int[tokens];
    int[] places = new int[tokens];
    Arrays.fill(places, firstPosition);
    int[] positions = batch.positions(firstPosition);
    int[] firstTokens = new int[inputs];
    long[] runs = new long[2 * inputs];
    int runCount = 0;
    int next = 0;
    for (int i = 0; i < inputs; i++) {
      int begin = offsets[order[i]];
      System.arraycopy(batch.tokenIds(), begin, tokenIds, next, lengths[i]);
      System.arraycopy(batch.typeIds(), begin, typeIds, next, lengths[i]);
      System.arraycopy(positions, begin, places, next, lengths[i]);
      firstTokens[order[i]] = next;
      int length = inputSize(lengths[i], step);
      next += length;
      if (runCount == 0 || runs[2 * runCount - 1] != length) {
        runs[2 * runCount + 1] = length;
        runCount++;
      }
      runs[2 * runCount - 2]++;
    }
    return new LengthRuns(
        order, tokenIds, typeIds, places, Arrays.copyOf(runs, 2 * runCount), lengths, firstTokens);
  }

  private static int inputSize(int tokens, int step) {
    return multiple(tokens, tokens <= SHORT ? step : StepRows.TILE);
  }

  private static int batchSize(int tokens, int step) {
    return multiple(tokens, Math.max(step, Integer.highestOneBit(tokens) / SIZES_PER_DOUBLING));
  }

  private static int multiple(int tokens, int step) {
    return Math.ceilDiv(tokens, step) * step;
  }
}
