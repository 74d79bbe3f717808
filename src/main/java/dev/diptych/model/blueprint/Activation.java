package dev.diptych.model.blueprint;

/** A function of one number. */
public enum Activation {
  /** {@code x}. */
  NONE,
  /** {@code x / (1 + exp(-x))}, also called swish. */
  SILU,
  /** {@code x} times the normal distribution up to it (arXiv:1606.08415). */
  GELU,
  /** Its approximation by a hyperbolic tangent. */
  GELU_TANH,
  /** {@code max(x, 0)}. */
  RELU,
  /** The hyperbolic tangent. */
  TANH
}
