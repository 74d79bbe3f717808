package dev.diptych.encoding;

import dev.diptych.InvalidInput;

/**
 * What a request may ask of an encoder.
 *
 * @param maxInputTokens most tokens of one text, special tokens included
 * @param maxClientBatchSize most texts of one request
 * @param autoTruncate whether texts that are too long are cut when a request does not say
 */
public record EncoderLimits(int maxInputTokens, int maxClientBatchSize, boolean autoTruncate) {

  /** As in text-embeddings-inference; it bounds the text that the tokenizer is given. */
  private static final int CHARACTERS_PER_TOKEN = 250;

  /** Most code points of one text. */
  public int maxCharacters() {
    return (int) Math.min(Integer.MAX_VALUE, (long) maxInputTokens * CHARACTERS_PER_TOKEN);
  }

  public void checkBatch(int size) {
    if (size == 0) {
      throw new InvalidInput(InvalidInput.Kind.EMPTY, "`inputs` cannot be empty");
    }
    if (size > maxClientBatchSize) {
      throw new InvalidInput(
          InvalidInput.Kind.BATCH_SIZE,
          "batch size %d > maximum allowed batch size %d (diptych.encoding.max-client-batch-size)"
              .formatted(size, maxClientBatchSize));
    }
  }

  public void checkCharacters(int characters) {
    if (characters > maxCharacters()) {
      throw new InvalidInput(
          "`inputs` must have at most %d characters. Given: %d"
              .formatted(maxCharacters(), characters));
    }
  }

  /** Checks what is known of a text before it is tokenized: that it has at least so many tokens. */
  public void checkFewest(int tokens) {
    if (tokens > maxInputTokens) {
      throw new InvalidInput(
          "`inputs` must have at most %d tokens. Given: at least %d"
              .formatted(maxInputTokens, tokens));
    }
  }
}
