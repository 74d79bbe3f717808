package dev.diptych.encoding;

/**
 * One input in tokens.
 *
 * <p>The arrays are not copied.
 *
 * @param tokenIds ids, special tokens included, {@code [tokens]}
 * @param typeIds segment of each token (0 or 1), {@code [tokens]}
 * @param rows positions in this input whose logits are wanted; empty unless the task is {@link
 *     EncoderTask.MaskedLanguageModel}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncoderInput(int[] tokenIds, int[] typeIds, int[] rows) {

  /** A single text, all of it in segment 0. */
  public static EncoderInput of(int[] tokenIds, int... rows) {
    return new EncoderInput(tokenIds, new int[tokenIds.length], rows);
  }

  /** How many tokens it has. */
  public int tokens() {
    return tokenIds.length;
  }
}
