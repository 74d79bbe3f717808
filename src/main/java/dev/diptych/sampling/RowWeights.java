package dev.diptych.sampling;

/**
 * The weights of all tokens of a row, which are computed block by block and not kept; only the sums
 * of the blocks are.
 */
final class RowWeights {

  private final Row row;
  private final Exponentials block;
  private final double[] sums;

  /** Weights of whatever the row is opened with, computed in {@code block}. */
  RowWeights(Row row, Exponentials block) {
    this.row = row;
    this.block = block;
    this.sums = new double[Math.ceilDiv(row.size, Exponentials.BLOCK)];
  }

  /** Computes the sum of all weights. */
  double sum() {
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      row.raise(i * Exponentials.BLOCK, block);
      sums[i] = block.sum();
      sum += sums[i];
    }
    return sum;
  }

  /** The sum of the scores relative to the largest, each times its weight. */
  double weightedSum() {
    double sum = 0;
    for (int from = 0; from < row.size; from += Exponentials.BLOCK) {
      row.raise(from, block);
      sum += block.weightedSum();
    }
    return sum;
  }

  /**
   * The first token with which the weights exceed {@code threshold}, which is below the last {@link
   * #sum}; the last of positive weight in its block if rounding leaves them below.
   */
  int tokenAt(double threshold) {
    double sum = 0;
    double before = 0;
    int index = 0;
    for (int i = 0; i < sums.length && sum <= threshold; i++) {
      if (sums[i] > 0) {
        index = i;
        before = sum;
      }
      sum += sums[i];
    }
    int first = index * Exponentials.BLOCK;
    row.raise(first, block);
    int last = 0;
    sum = before;
    for (int i = 0; i < Exponentials.BLOCK && sum <= threshold; i++) {
      if (block.values[i] > 0) {
        last = i;
      }
      sum += block.values[i];
    }
    return first + last;
  }
}
