package dev.diptych.encoding;

/** Which end of a text that is too long is cut off. */
public enum TruncationDirection {
  /** The beginning is cut, the end kept. */
  LEFT,
  /** The end is cut, the beginning kept. */
  RIGHT
}
