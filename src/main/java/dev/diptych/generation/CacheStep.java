package dev.diptych.generation;

import dev.diptych.model.PromptChunk;
import java.util.Arrays;

/** Something to do with the key-value cache in a step. */
sealed interface CacheStep {

  /** Give the cache this shape. */
  record Reserve(CacheShape shape) implements CacheStep {}

  /** Copy the first {@code length} tokens of a slot over those of another. */
  record Copy(int from, int to, int length) implements CacheStep {}

  /** Give up what a slot holds behind its first {@code length} tokens. */
  record Truncate(int slot, int length) implements CacheStep {}

  /**
   * Compute a part of a prompt.
   *
   * @param start position of the first token
   * @param count tokens to compute; 0 if {@link Sequence#promptLogits} are known already
   * @param rows how many of the last of them to return logits for
   */
  record Prefill(Sequence sequence, int slot, int start, int count, int rows) implements CacheStep {

    /** Whether the prompt is complete with it, so that the first new token can be chosen. */
    boolean completes() {
      return start + count == sequence.promptTokens();
    }

    /** It as the model takes it. */
    PromptChunk chunk() {
      return new PromptChunk(
          slot, start, Arrays.copyOfRange(sequence.tokens(), start, start + count), rows);
    }
  }
}
