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

  /** How many texts a request may bring. */
  public BatchLimit batch() {
    return new BatchLimit(maxClientBatchSize, "diptych.encoding.max-client-batch-size");
  }

  public void checkBatch(int size) {
    batch().check(size, "inputs");
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
