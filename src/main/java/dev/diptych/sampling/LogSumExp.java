package dev.diptych.sampling;

/** The logarithm of a sum of exponentials, which turns logits into log-probabilities. */
public final class LogSumExp {

  private LogSumExp() {}

  /**
   * Of {@code values[offset, offset + count)}; NaN when one of them is NaN or the largest is
   * infinite.
   */
  public static double of(float[] values, int offset, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + count; i++) {
      largest = Math.max(largest, values[i]);
    }
    if (!Float.isFinite(largest)) {
      return Double.NaN;
    }
    Exponentials block = new Exponentials();
    double sum = 0;
    for (int from = 0; from < count; from += Exponentials.BLOCK) {
      block.load(values, offset + from, Math.min(Exponentials.BLOCK, count - from));
      block.raise(largest);
      sum += block.sum();
    }
    return largest + Math.log(sum);
  }
}
