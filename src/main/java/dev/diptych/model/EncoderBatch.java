package dev.diptych.model;

/**
 * Inputs of an encoder, concatenated without padding.
 *
 * <p>The arrays are not copied.
 *
 * @param tokenIds ids of all inputs, {@code [tokens]}
 * @param typeIds segment of each token (0 or 1), {@code [tokens]}
 * @param offsets where each input begins, and the total at the end, {@code [inputs + 1]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncoderBatch(int[] tokenIds, int[] typeIds, int[] offsets) {

  public int inputs() {
    return offsets.length - 1;
  }

  public int tokens() {
    return tokenIds.length;
  }
}
