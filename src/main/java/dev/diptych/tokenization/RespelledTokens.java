package dev.diptych.tokenization;

import java.util.Map;

/**
 * A tokenizer that finds some added tokens by another spelling than their own.
 *
 * @param spellings by each token's own; none is a part of a text by accident
 */
public record RespelledTokens(Map<String, String> spellings, Encoder encoder) {

  /** Makes token ids of a text, without special tokens around it. */
  @FunctionalInterface
  public interface Encoder {
    int[] encode(String text);
  }

  public RespelledTokens {
    spellings = Map.copyOf(spellings);
  }
}
