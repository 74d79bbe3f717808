package dev.diptych.encoding;

import dev.diptych.model.blueprint.Pooling;
import java.util.List;

/** What one forward pass computes; only inputs with equal tasks share a batch. */
public sealed interface EncoderTask {

  /**
   * One vector per input, {@code [1][poolings * hidden]}, not normalised.
   *
   * @param poolings whose outcomes stand one behind the other
   * @param skipped tokens at the beginning of each input that are not pooled
   */
  record Pooled(List<Pooling> poolings, int skipped) implements EncoderTask {

    public Pooled {
      poolings = List.copyOf(poolings);
    }

    /** Of all tokens. */
    public Pooled(Pooling pooling) {
      this(List.of(pooling), 0);
    }
  }

  /** The last hidden state of every token, {@code [1][tokens * hidden]}. */
  record HiddenStates() implements EncoderTask {}

  /**
   * Masked-language-model logits at the input's rows, each handed to its reader and then forgotten;
   * the output has no values.
   */
  record MaskedLanguageModel() implements EncoderTask {}

  /**
   * A decoder's logits of what follows the input's rows, each handed to its reader and then
   * forgotten; the output has no values.
   */
  record NextToken() implements EncoderTask {}

  /**
   * The largest of the masked-language-model logits of all tokens of an input, for each entry of
   * the vocabulary; handed to the input's reader as row 0 and then forgotten. The output has no
   * values.
   */
  record LargestLogits() implements EncoderTask {}

  /** Logits of a classifier of texts, {@code [1][labels]}. */
  record TextLogits() implements EncoderTask {}

  /** Logits of a classifier of tokens or of a reader, {@code [1][tokens * labels]}. */
  record TokenLogits() implements EncoderTask {}
}
