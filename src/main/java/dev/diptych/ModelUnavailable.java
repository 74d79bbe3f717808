package dev.diptych;

import java.time.Duration;

/**
 * The model behind an endpoint is still coming or could not be had; the message tells how far it is
 * or what failed.
 */
public final class ModelUnavailable extends DiptychException {

  private final Duration retryAfter;

  public ModelUnavailable(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** When another try makes sense. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
