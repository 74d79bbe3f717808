package dev.diptych.generation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What lies in the slots of the key-value cache: tokens that were computed and not yet overwritten,
 * of running sequences and of ended ones.
 */
final class CacheContents {

  /**
   * A slot whose tokens begin like a prompt.
   *
   * @param length how many tokens they share; 0 if there is no such slot
   * @param repeated the earlier sequence whose whole prompt it is and whose logits are known
   */
  record Prefix(int slot, int length, @Nullable Sequence repeated) {}

  private final @Nullable Sequence[] occupants;
  private final int[] cached;

  CacheContents(int slots) {
    occupants = new Sequence[slots];
    cached = new int[slots];
  }

  /** How many tokens of its sequence a slot holds. */
  int cached(int slot) {
    return cached[slot];
  }

  void put(int slot, Sequence sequence, int length) {
    occupants[slot] = sequence;
    cached[slot] = length;
  }

  void advance(int slot, int count) {
    cached[slot] += count;
  }

  void copy(int from, int to) {
    occupants[to] = occupants[from];
    cached[to] = cached[from];
  }

  /** Forgets what does not fit into a new shape. */
  void cutTo(CacheShape shape) {
    for (int slot = 0; slot < cached.length; slot++) {
      cached[slot] = slot < shape.slots() ? Math.min(cached[slot], shape.length()) : 0;
    }
  }

  /**
   * The longest cached beginning of a prompt, and the logits behind it if it is the whole prompt of
   * an earlier sequence. Without these it ends before the last token, which must be computed.
   *
   * @param preferred the slot to take of equally good ones
   */
  Prefix longestPrefix(Sequence sequence, int preferred) {
    Prefix best = shared(preferred, sequence);
    for (int slot = 0; slot < cached.length; slot++) {
      if (cached[slot] > best.length()) {
        Prefix other = shared(slot, sequence);
        best = other.length() > best.length() ? other : best;
      }
    }
    return best;
  }

  private Prefix shared(int slot, Sequence sequence) {
    Sequence occupant = occupants[slot];
    if (occupant == null) {
      return new Prefix(slot, 0, null);
    }
    int prompt = sequence.promptTokens();
    int end = Math.min(prompt, cached[slot]);
    int mismatch = Arrays.mismatch(occupant.tokens(), 0, end, sequence.tokens(), 0, end);
    int length = mismatch < 0 ? end : mismatch;
    boolean same = length == prompt && occupant.promptTokens() == prompt;
    return same && occupant.promptLogits() != null
        ? new Prefix(slot, length, occupant)
        : new Prefix(slot, Math.min(length, prompt - 1), null);
  }
}
