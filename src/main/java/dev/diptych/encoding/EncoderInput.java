package dev.diptych.encoding;

/**
 * One input in tokens.
 *
 * <p>The arrays are not copied.
 *
 * @param tokenIds ids, special tokens included, {@code [tokens]}
 * @param typeIds segment of each token (0 or 1), {@code [tokens]}
 * @param rows positions in this input whose logits are wanted; empty unless the task is {@link
 *     EncoderTask.MaskedLanguageModel} or {@link EncoderTask.NextToken}
 * @param reader is given the logits of each row
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncoderInput(int[] tokenIds, int[] typeIds, int[] rows, LogitsReader reader) {

  private static final LogitsReader NO_READER = (_, _) -> {};

  /** A single text, all of it in segment 0. */
  public static EncoderInput of(int[] tokenIds) {
    return masked(tokenIds, new int[0], NO_READER);
  }

  /** A pair of texts, of which each token says the segment. */
  public static EncoderInput of(int[] tokenIds, int[] typeIds) {
    return new EncoderInput(tokenIds, typeIds, new int[0], NO_READER);
  }

  /** The same with a reader of its largest logits. */
  public EncoderInput readBy(LogitsReader other) {
    return new EncoderInput(tokenIds, typeIds, rows, other);
  }

  /** A prompt of which the logits of what follows are wanted. */
  public static EncoderInput followed(int[] tokenIds, LogitsReader reader) {
    return masked(tokenIds, new int[] {tokenIds.length - 1}, reader);
  }

  /** A single text of which some rows of logits are wanted. */
  public static EncoderInput masked(int[] tokenIds, int[] rows, LogitsReader reader) {
    return new EncoderInput(tokenIds, new int[tokenIds.length], rows, reader);
  }

  /** How many tokens it has. */
  public int tokens() {
    return tokenIds.length;
  }
}
