package dev.diptych.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model with its key-value cache, as the generation engine drives it from one
 * thread.
 *
 * <p>The cache consists of slots, each holding one sequence from position 0. Callers keep the
 * sequences that decode together in slots {@code 0..n-1}; what lies in the others stays as it is
 * until it is written. Arguments are trusted to be in range: the engine has checked ids, lengths
 * and memory before.
 */
public interface DecoderModel extends AutoCloseable {

  /** What computes it. */
  default Backend backend() {
    return Backend.pytorch(null);
  }

  /** Width of a row of logits. */
  int vocabularySize();

  /** Most tokens that one sequence may have, prompt and answer together. */
  int contextLength();

  /** Memory that one token of one sequence takes in the cache, in bytes. */
  long cacheBytesPerToken();

  /**
   * Gives the cache room for {@code slots} sequences of {@code length} tokens each, keeping what is
   * cached within these. What lies beyond is given up, so the cache also shrinks: its memory is
   * {@code slots * length * cacheBytesPerToken()}.
   *
   * <p>Costs a copy of what is cached when the shape changes, nothing otherwise.
   */
  void reserve(int slots, int length);

  /**
   * Whether room in the cache takes memory only from when something is written there, so that much
   * of it costs nothing.
   */
  boolean commitsWhenWritten();

  /**
   * Runs parts of prompts and, in the same pass over the weights, the next tokens of the first
   * slots; each as it would be alone.
   *
   * <p>Every row of logits is the one that tokens run one by one would give. Positions that were
   * cached may be written again, which cuts their slot to what is before them.
   *
   * @param chunks parts of prompts, in slots that have no next tokens, each in another slot
   * @param next next tokens; there is at least one chunk or one of these
   * @param logits receives the rows that the chunks ask for, in their order, and behind them a row
   *     for each next token, {@code [rows, vocabulary]} row by row
   */
  void step(List<PromptChunk> chunks, NextTokens next, float[] logits);

  /**
   * The same, but a step that takes long stands still now and then and calls {@code meanwhile}, on
   * whatever thread. What is called may copy slots and make steps of its own, for slots that this
   * step does not have, and must be done with them when it returns.
   */
  default void step(List<PromptChunk> chunks, NextTokens next, float[] logits, Runnable meanwhile) {
    step(chunks, next, logits);
  }

  /**
   * Runs {@code tokens} at positions {@code start, start + 1, …} of a slot whose positions before
   * {@code start} are cached.
   *
   * @param logits receives the logits of the last {@code rows} tokens, {@code [rows, vocabulary]}
   *     row by row; null when {@code rows} is 0
   */
  default void prefill(int slot, int start, int[] tokens, int rows, float @Nullable [] logits) {
    step(
        List.of(new PromptChunk(slot, start, tokens, rows)),
        NextTokens.NONE,
        logits == null ? new float[0] : logits);
  }

  /**
   * Most rows of a step that has guessed tokens: beyond, computing another costs as much as it can
   * save.
   */
  int mostRowsWithDrafts();

  /**
   * Runs the next tokens of each of the slots {@code 0..count-1}, which {@link NextTokens}
   * describes.
   *
   * @param logits receives {@code [sum of lengths, vocabulary]}, a row for each token
   */
  default void decode(int count, int[] lengths, int[] tokens, int[] positions, float[] logits) {
    step(List.of(), new NextTokens(count, lengths, tokens, positions), logits);
  }

  /** Copies the first {@code length} positions of one slot over those of another. */
  void copy(int from, int to, int length);

  /**
   * Gives up what a slot holds behind its first {@code length} positions, and the memory of it if
   * the cache {@linkplain #commitsWhenWritten commits when written}.
   */
  void truncate(int slot, int length);

  @Override
  void close();
}
