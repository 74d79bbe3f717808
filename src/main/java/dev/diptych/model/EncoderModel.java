package dev.diptych.model;

import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Pooling;
import java.util.List;

/**
 * A bidirectional encoder. Every method is one forward pass over a batch whose ids and lengths the
 * caller has checked; calls come from one thread at a time.
 */
public interface EncoderModel extends AutoCloseable {

  /** What computes it. */
  default Backend backend() {
    return Backend.pytorch(null);
  }

  /** Width of a hidden state. */
  int hiddenSize();

  /** Width of a row of masked-language-model logits, and the bound of token ids. */
  int vocabularySize();

  /** Most tokens that one input may have, special tokens included. */
  int maxInputTokens();

  /** What it makes of its hidden states. */
  Head head();

  /** Whether the checkpoint brought a masked-language-model head. */
  default boolean hasMaskedLanguageModelHead() {
    return head() instanceof Head.MaskedLanguageModel;
  }

  /**
   * Most tokens to compute at once at the moment, at least 1, so that other models on the same
   * processors do not wait long; the largest number while none computes.
   */
  default int maxTokensBesideOthers() {
    return Integer.MAX_VALUE;
  }

  /** One vector per input, not normalised: {@code [inputs][hidden]}. */
  default float[][] pooled(EncoderBatch batch, Pooling pooling) {
    return pooled(batch, pooling, 0);
  }

  /**
   * The same without the first tokens.
   *
   * @param skipped how many tokens at the beginning of each input are not pooled; its last one
   *     always is
   */
  float[][] pooled(EncoderBatch batch, Pooling pooling, int skipped);

  /**
   * Several poolings of each input, one behind the other: {@code [inputs][poolings * hidden]}.
   *
   * @param skipped as for one
   */
  default float[][] pooled(EncoderBatch batch, List<Pooling> poolings, int skipped) {
    if (poolings.size() == 1) {
      return pooled(batch, poolings.getFirst(), skipped);
    }
    float[][] states = hiddenStates(batch);
    float[][] vectors = new float[states.length][poolings.size() * hiddenSize()];
    for (int input = 0; input < states.length; input++) {
      for (int i = 0; i < poolings.size(); i++) {
        PooledStates.write(
            poolings.get(i),
            states[input],
            hiddenSize(),
            skipped,
            vectors[input],
            i * hiddenSize());
      }
    }
    return vectors;
  }

  /**
   * The last hidden state of every token: {@code [inputs][tokens of the input * hidden]}, row by
   * row.
   */
  float[][] hiddenStates(EncoderBatch batch);

  /**
   * Logits over the vocabulary of some tokens: of what a mask stands for, or, of a decoder, of what
   * follows.
   *
   * @param rows positions in the concatenated batch
   * @return {@code [rows][vocabulary]}
   */
  float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows);

  /**
   * The largest masked-language-model logit of each entry of the vocabulary among all tokens of an
   * input: {@code [inputs][vocabulary]}.
   */
  float[][] largestLogits(EncoderBatch batch);

  /**
   * Logits of a classifier of texts, one row for each input: {@code [inputs][labels]}.
   *
   * @throws IllegalStateException if the {@linkplain #head head} is another
   */
  float[][] textLogits(EncoderBatch batch);

  /**
   * Logits of a classifier of tokens, or of a reader, which has two: {@code [inputs][tokens of the
   * input * labels]}, row by row.
   *
   * @throws IllegalStateException if the {@linkplain #head head} is another
   */
  float[][] tokenLogits(EncoderBatch batch);

  @Override
  void close();
}
