package dev.diptych.encoding;

import dev.diptych.model.Pooling;

/** What one forward pass computes; only inputs with equal tasks share a batch. */
public sealed interface EncoderTask {

  /** One vector per input, {@code [1][hidden]}, not normalised. */
  record Pooled(Pooling pooling) implements EncoderTask {}

  /** The last hidden state of every token, {@code [1][tokens * hidden]}. */
  record HiddenStates() implements EncoderTask {}

  /**
   * Masked-language-model logits at the input's rows, each handed to its reader and then forgotten;
   * the output has no values.
   */
  record MaskedLanguageModel() implements EncoderTask {}
}
