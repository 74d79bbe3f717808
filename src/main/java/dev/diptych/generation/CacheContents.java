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
   */
  record Prefix(int slot, int length) {}

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
   * The longest cached beginning of a prompt.
   *
   * @param limit most tokens to look at
   * @param preferred the slot to take of equally good ones
   */
  Prefix longestPrefix(int[] prompt, int limit, int preferred) {
    Prefix best = new Prefix(preferred, shared(preferred, prompt, limit));
    for (int slot = 0; slot < cached.length; slot++) {
      if (cached[slot] > best.length()) {
        int length = shared(slot, prompt, limit);
        best = length > best.length() ? new Prefix(slot, length) : best;
      }
    }
    return best;
  }

  private int shared(int slot, int[] prompt, int limit) {
    Sequence occupant = occupants[slot];
    if (occupant == null) {
      return 0;
    }
    int end = Math.min(limit, cached[slot]);
    int mismatch = Arrays.mismatch(occupant.tokens(), 0, end, prompt, 0, end);
    return mismatch < 0 ? end : mismatch;
  }
}
