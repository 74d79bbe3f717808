package dev.diptych.generation;

import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The tokens of a prompt and of one answer to it, and the cache slot they are in. */
final class Sequence {

  static final int NO_SLOT = -1;

  private final int promptTokens;
  private final int reservedTokens;
  private final boolean everyRow;
  private final ToIntFunction<int[]> foreseeable;
  private int[] tokens;
  private int size;
  private int slot = NO_SLOT;
  private int cachedTokens;
  private float @Nullable [] promptLogits;

  /**
   * A sequence that waits.
   *
   * @param prompt at least one token
   * @param everyRow whether the logits of every prompt token are wanted, not only of the last
   */
  Sequence(int[] prompt, int maxNewTokens, boolean everyRow) {
    this(prompt, maxNewTokens, everyRow, draft -> draft.length);
  }

  /**
   * A sequence that waits.
   *
   * @param foreseeable how many of the first tokens of a draft may come next
   */
  Sequence(int[] prompt, int maxNewTokens, boolean everyRow, ToIntFunction<int[]> foreseeable) {
    this.foreseeable = foreseeable;
    this.promptTokens = prompt.length;
    this.reservedTokens = prompt.length + maxNewTokens;
    this.everyRow = everyRow;
    this.tokens = prompt.clone();
    this.size = prompt.length;
  }

  /** As much of a draft as may come next. */
  int[] foreseeable(int[] draft) {
    int count = foreseeable.applyAsInt(draft);
    return count == draft.length ? draft : Arrays.copyOf(draft, count);
  }

  void append(int token) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.min(reservedTokens, size + 16 + size / 2));
    }
    tokens[size++] = token;
  }

  /** All tokens so far, the first {@link #size} elements; not copied. */
  int[] tokens() {
    return tokens;
  }

  int size() {
    return size;
  }

  int last() {
    return tokens[size - 1];
  }

  int promptTokens() {
    return promptTokens;
  }

  int newTokens() {
    return size - promptTokens;
  }

  int maxNewTokens() {
    return reservedTokens - promptTokens;
  }

  /** Most tokens that it may come to. */
  int reservedTokens() {
    return reservedTokens;
  }

  boolean everyRow() {
    return everyRow;
  }

  /** The logits behind the last token of the prompt, not copied; null until they are known. */
  float @Nullable [] promptLogits() {
    return promptLogits;
  }

  void knowPromptLogits(float[] logits) {
    promptLogits = logits;
  }

  void repeatPromptOf(Sequence other) {
    promptLogits = other.promptLogits;
  }

  int slot() {
    return slot;
  }

  /** How many tokens of the prompt were there when it came to its first slot. */
  int cachedTokens() {
    return cachedTokens;
  }

  void beginWith(int tokensThatAreCached) {
    cachedTokens = tokensThatAreCached;
  }

  void moveTo(int newSlot) {
    slot = newSlot;
  }
}
