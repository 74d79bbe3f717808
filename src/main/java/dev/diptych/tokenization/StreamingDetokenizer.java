package dev.diptych.tokenization;

import java.util.List;

/** Turns a stream of tokens into text piece by piece, never splitting a character. */
public final class StreamingDetokenizer {

  public StreamingDetokenizer(Tokenizer tokenizer, List<Integer> context) {
    throw new UnsupportedOperationException("to be written: %s %s".formatted(tokenizer, context));
  }
}
