package dev.diptych.torchscript;

/**
 * Memory that a model takes in a precision, in bytes; about what is measured, not to the byte.
 *
 * @param weights as long as it is loaded
 * @param loading beside them, while it is loaded
 * @param cachePerToken keys and values of a token
 */
public record MemoryNeed(long weights, long loading, long cachePerToken) {

  /** Nothing that this machine has to have: the model is computed elsewhere. */
  static final MemoryNeed NONE = new MemoryNeed(0, 0, 0);
}
