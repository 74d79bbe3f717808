package dev.diptych.model;

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
   * Runs {@code tokens} at positions {@code start, start + 1, …} of a slot whose positions before
   * {@code start} are cached.
   *
   * @param logits receives the logits of the last {@code rows} tokens, {@code [rows, vocabulary]}
   *     row by row; null when {@code rows} is 0
   */
  void prefill(int slot, int start, int[] tokens, int rows, float @Nullable [] logits);

  /**
   * Most rows of a step that has guessed tokens: beyond, computing another costs as much as it can
   * save.
   */
  int mostRowsWithDrafts();

  /**
   * Runs the next tokens of each of the slots {@code 0..count-1}. Every row of logits is the one
   * that tokens run one by one would give. Positions that were cached may be written again, which
   * cuts their slot to what is before them.
   *
   * @param lengths how many tokens each slot gets, at least 1
   * @param tokens the tokens, slot by slot
   * @param positions the position of each slot's first token, which is the number of tokens cached
   *     before it; its others follow
   * @param logits receives {@code [sum of lengths, vocabulary]}, a row for each token
   */
  void decode(int count, int[] lengths, int[] tokens, int[] positions, float[] logits);

  /** Copies the first {@code length} positions of one slot over those of another. */
  void copy(int from, int to, int length);

  @Override
  void close();
}
