package dev.diptych.torchscript;

import dev.diptych.model.EncoderBatch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A batch in order of length, so that inputs of equal length lie side by side and share their
 * attention calls.
 *
 * @param order the original index of each input, {@code [inputs]}
 * @param tokenIds ids in the new order, {@code [tokens]}
 * @param typeIds segments in the new order, {@code [tokens]}
 * @param places positions in the new order, {@code [tokens]}
 * @param runs how many inputs and their common length, one pair after the other, {@code [2 * runs]}
 * @param firstTokens where each original input begins in the new order, {@code [inputs]}
 */
@SuppressWarnings("ArrayRecordComponent")
record LengthRuns(
    int[] order, int[] tokenIds, int[] typeIds, int[] places, long[] runs, int[] firstTokens) {

  /**
   * Sorts a batch.
   *
   * @param firstPosition position of an input's first token; when above 0, the id below it is the
   *     padding id, which keeps its own position wherever it stands in a text, as RoBERTa counts
   */
  static LengthRuns of(EncoderBatch batch, int firstPosition) {
    int[] offsets = batch.offsets();
    int inputs = batch.inputs();
    int[] order =
        IntStream.range(0, inputs)
            .boxed()
            .sorted(Comparator.comparingInt(i -> offsets[i + 1] - offsets[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] tokenIds = new int[batch.tokens()];
    int[] typeIds = new int[batch.tokens()];
    int[] places = new int[batch.tokens()];
    int[] firstTokens = new int[inputs];
    long[] runs = new long[2 * inputs];
    int runCount = 0;
    int next = 0;
    for (int input : order) {
      int length = offsets[input + 1] - offsets[input];
      System.arraycopy(batch.tokenIds(), offsets[input], tokenIds, next, length);
      System.arraycopy(batch.typeIds(), offsets[input], typeIds, next, length);
      number(tokenIds, places, next, length, firstPosition);
      firstTokens[input] = next;
      next += length;
      if (runCount == 0 || runs[2 * runCount - 1] != length) {
        runs[2 * runCount + 1] = length;
        runCount++;
      }
      runs[2 * runCount - 2]++;
    }
    return new LengthRuns(
        order, tokenIds, typeIds, places, Arrays.copyOf(runs, 2 * runCount), firstTokens);
  }

  private static void number(int[] ids, int[] places, int begin, int length, int firstPosition) {
    int padding = firstPosition - 1;
    int place = firstPosition;
    for (int i = begin; i < begin + length; i++) {
      places[i] = firstPosition > 0 && ids[i] == padding ? padding : place++;
    }
  }
}
