package dev.diptych.encoding;

/**
 * Takes what it needs of each row of logits as soon as it is computed, on the engine's thread. It
 * may be given a row twice, as a pass that fails is repeated.
 */
@FunctionalInterface
public interface LogitsReader {

  /**
   * Reads one row; the array is not valid afterwards.
   *
   * @param row which of the input's rows it is
   * @param logits {@code [vocabulary]}
   */
  void read(int row, float[] logits);
}
