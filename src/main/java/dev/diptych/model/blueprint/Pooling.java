package dev.diptych.model.blueprint;

/**
 * How the token states of a text become one vector, as sentence-transformers' Pooling module has
 * it. Tokens of a prompt at the beginning may be left out.
 */
public enum Pooling {
  /** The mean of all token states. */
  MEAN,
  /** The state of the first token. */
  CLS,
  /** The state of the last token. */
  LAST_TOKEN,
  /** The largest of each channel. */
  MAX,
  /** The sum of all token states, divided by the square root of their number. */
  MEAN_SQRT_LENGTH,
  /** The mean in which the token at position {@code i} counts {@code i + 1} times. */
  WEIGHTED_MEAN
}
