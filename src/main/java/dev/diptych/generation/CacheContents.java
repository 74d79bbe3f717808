package dev.diptych.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /*
   * A slot that once held a long sequence has memory for it until it is truncated, of which a shorter
   * one needs little. Cut is what is longest, so that every slot keeps some room, and no less at a
   * time than is worth the system calls.
   */

  private static final int LEAST_CUT = 128;

  private final @Nullable Sequence[] occupants;
  private final int[] cached;
  private final int[] written; // most tokens since it was truncated

  CacheContents(int slots) {
    occupants = new Sequence[slots];
    cached = new int[slots];
    written = new int[slots];
  }

  /** How many tokens of its sequence a slot holds. */
  int cached(int slot) {
    return cached[slot];
  }

  void put(int slot, Sequence sequence, int length) {
    occupants[slot] = sequence;
    setCached(slot, length);
  }

  void advance(int slot, int count) {
    setCached(slot, cached[slot] + count);
  }

  void copy(int from, int to) {
    occupants[to] = occupants[from];
    setCached(to, cached[from]);
  }

  private void setCached(int slot, int length) {
    cached[slot] = length;
    written[slot] = Math.max(written[slot], length);
  }

  /** Forgets what does not fit into a new shape. */
  void cutTo(CacheShape shape) {
    for (int slot = 0; slot < cached.length; slot++) {
      int length = slot < shape.slots() ? shape.length() : 0;
      cached[slot] = Math.min(cached[slot], length);
      written[slot] = Math.min(written[slot], length);
    }
  }

  /**
   * Cuts slots until all of them together have memory for {@code most} tokens, or only for what is
   * cached and what running sequences may come to.
   *
   * @param reserved for each slot how many tokens its running sequence may come to; 0 without one
   */
  List<CacheStep.Truncate> truncate(long most, int[] reserved) {
    long excess = Arrays.stream(written).asLongStream().sum() - most;
    boolean[] cut = new boolean[written.length];
    while (excess > 0) {
      int slot = mostUnneeded(reserved);
      int count = Math.min(LEAST_CUT, unneeded(slot, reserved));
      if (count <= 0) {
        break;
      }
      written[slot] -= count;
      excess -= count;
      cut[slot] = true;
    }
    List<CacheStep.Truncate> steps = new ArrayList<>();
    for (int slot = 0; slot < cut.length; slot++) {
      if (cut[slot]) {
        steps.add(new CacheStep.Truncate(slot, written[slot]));
      }
    }
    return steps;
  }

  private int mostUnneeded(int[] reserved) {
    int most = 0;
    for (int slot = 1; slot < written.length; slot++) {
      most = unneeded(slot, reserved) > unneeded(most, reserved) ? slot : most;
    }
    return most;
  }

  private int unneeded(int slot, int[] reserved) {
    return written[slot] - Math.max(cached[slot], reserved[slot]);
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
