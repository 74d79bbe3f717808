package dev.diptych.checkpoint;

import java.io.IOException;

/**
 * A model file that is broken, hostile or of a kind that is not supported; the message says where
 * and why.
 */
public final class InvalidCheckpoint extends IOException {

  public InvalidCheckpoint(String message) {
    super(message);
  }

  public InvalidCheckpoint(String message, Throwable cause) {
    super(message, cause);
  }
}
