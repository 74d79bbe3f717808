package dev.diptych.generation;

import org.jspecify.annotations.Nullable;

/**
 * How much key-value cache there may be.
 *
 * @param tokens most tokens of all slots together
 * @param maxSlots most slots
 * @param contextLength most tokens of a slot
 * @param unusedIsFree whether room takes no memory before it is written
 */
record CacheBudget(long tokens, int maxSlots, int contextLength, boolean unusedIsFree) {

  /*
   * Growing costs a copy of the cache, so there is all the room from the start if that is free:
   * every slot, as long as the budget allows. Otherwise it grows in powers of two. Where memory
   * ends, first the room beyond what is needed is given up, then what earlier sequences needed.
   */

  private static final int SMALLEST_LENGTH = 256;

  private static final int KEPT_SHARE = 10;

  /** Whether a sequence of this many tokens can ever run. */
  boolean admits(int length) {
    return length <= contextLength && length <= tokens;
  }

  /**
   * Most tokens of all slots that keep their memory when neither a running sequence nor what is
   * cached needs it.
   */
  long keptTokens() {
    return unusedIsFree ? tokens / KEPT_SHARE : tokens;
  }

  /** As {@link #fit(CacheShape, CacheShape, long, long)} where no other decoder takes any. */
  @Nullable CacheShape fit(CacheShape current, CacheShape needed) {
    return fit(current, needed, tokens, tokens);
  }

  /**
   * The shape to go on with when {@code needed} must have room; the current one if it has.
   *
   * @param most tokens that there may be room for now
   * @param fair tokens beyond which there is only what is needed
   * @return null if the needed shape does not fit into memory
   */
  @Nullable CacheShape fit(CacheShape current, CacheShape needed, long most, long fair) {
    if (current.atLeast(needed).equals(current) && current.tokens() <= most) {
      return current;
    }
    int length = Math.min(contextLength, powerOfTwo(Math.max(SMALLEST_LENGTH, needed.length())));
    CacheShape roomy =
        unusedIsFree
            ? largest(length, Math.min(fair, tokens)).atLeast(needed)
            : new CacheShape(Math.min(maxSlots, powerOfTwo(needed.slots())), length);
    CacheShape[] choices = {
      current.atLeast(roomy),
      current.atLeast(needed),
      roomy,
      new CacheShape(needed.slots(), roomy.length())
    };
    for (CacheShape choice : choices) {
      if (choice.tokens() <= Math.min(most, fair)) {
        return choice;
      }
    }
    return needed.tokens() <= most ? needed : null;
  }

  /**
   * The shape to go on with when others need memory.
   *
   * @param used by running sequences, within the current one; less may not be left
   * @param most tokens that there may be room for now
   */
  CacheShape shrunk(CacheShape current, CacheShape used, long most) {
    int slots = Math.clamp(most / current.length(), used.slots(), current.slots());
    CacheShape fewer = new CacheShape(slots, current.length());
    return fewer.tokens() <= most ? fewer : used;
  }

  /* As many slots as can have this length, which is longer where all slots can. */
  private CacheShape largest(int length, long most) {
    int longest = Math.clamp(most / maxSlots, length, contextLength);
    return new CacheShape((int) Math.min(maxSlots, most / longest), longest);
  }

  private static int powerOfTwo(int value) {
    int highest = Integer.highestOneBit(value);
    return highest == value || highest == 1 << 30 ? value : highest << 1;
  }
}
