package dev.diptych.model;

/**
 * How the token states of a text become one vector, as sentence-transformers' {@code
 * 1_Pooling/config.json} says.
 */
public enum Pooling {
  /** The mean of all token states. */
  MEAN,
  /** The state of the first token. */
  CLS,
  /** The state of the last token. */
  LAST_TOKEN
}
