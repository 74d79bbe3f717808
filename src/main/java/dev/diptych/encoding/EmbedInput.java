package dev.diptych.encoding;

/** One thing to embed. */
public sealed interface EmbedInput {

  /** A text as people write it. */
  record Text(String value) implements EmbedInput {}

  /**
   * Token ids, special tokens included where they are wanted. They are decoded and encoded again,
   * so the model sees what its tokenizer would have made of the text.
   *
   * <p>The array is not copied.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record TokenIds(int[] values) implements EmbedInput {}

  /** Code points of a text, or the number of ids. */
  default int characters() {
    return switch (this) {
      case Text(String value) -> value.codePointCount(0, value.length());
      case TokenIds(int[] values) -> values.length;
    };
  }
}
