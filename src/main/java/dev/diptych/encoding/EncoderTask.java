package dev.diptych.encoding;

import dev.diptych.model.Pooling;

/** What one forward pass computes; only inputs with equal tasks share a batch. */
public sealed interface EncoderTask {

  /**
   * One vector per input, {@code [1][hidden]}, not normalised.
   *
   * @param skipped tokens at the beginning of each input that are not pooled
   */
  record Pooled(Pooling pooling, int skipped) implements EncoderTask {

    /** Of all tokens. */
    public Pooled(Pooling pooling) {
      this(pooling, 0);
    }
  }

  /** The last hidden state of every token, {@code [1][tokens * hidden]}. */
  record HiddenStates() implements EncoderTask {}

  /**
   * Masked-language-model logits at the input's rows, each handed to its reader and then forgotten;
   * the output has no values.
   */
  record MaskedLanguageModel() implements EncoderTask {}
}
