package dev.diptych.generation;

/** Why an answer ended. */
public enum FinishReason {
  /** It has as many tokens as were asked for. */
  LENGTH,
  /** The model ended it. */
  END_OF_TEXT,
  /** It contains one of the stop sequences, which is its end. */
  STOP_SEQUENCE
}
