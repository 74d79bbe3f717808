package dev.diptych;

import java.time.Duration;

/** No permit was free; the request was refused at once instead of being queued. */
public final class Overloaded extends DiptychException {

  private final Duration retryAfter;

  public Overloaded(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** When another try makes sense. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
