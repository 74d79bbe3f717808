package dev.diptych.generation;

/**
 * The rectangle of the key-value cache.
 *
 * @param slots sequences
 * @param length tokens of each
 */
record CacheShape(int slots, int length) {

  static final CacheShape NONE = new CacheShape(0, 0);

  /** What a decoder keeps that has nothing to compute; it is not counted as memory. */
  static final CacheShape LEAST = new CacheShape(1, 1);

  long tokens() {
    return (long) slots * length;
  }

  CacheShape atLeast(CacheShape other) {
    return new CacheShape(Math.max(slots, other.slots), Math.max(length, other.length));
  }
}
