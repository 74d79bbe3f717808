package dev.diptych.source;

import java.io.IOException;
import java.time.Duration;

/** An answer of the Hub that is no file, or no answer. */
final class HubFailure extends IOException {

  /** Whether it is worth asking again. */
  enum Kind {
    /** No connection came about, or no answer. */
    UNREACHABLE,
    /** 429 or 5xx. */
    BUSY,
    /** The connection broke. */
    CUT,
    /** The bytes are not the ones announced; worth one more try. */
    CORRUPT,
    /** Asking again brings the same. */
    FINAL
  }

  private final Kind kind;
  private final Duration retryAfter;

  HubFailure(Kind kind, String message, Duration retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  HubFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = Duration.ZERO;
  }

  static HubFailure last(String message) {
    return new HubFailure(Kind.FINAL, message, Duration.ZERO);
  }

  Kind kind() {
    return kind;
  }

  /** What the Hub asked for, else zero. */
  Duration retryAfter() {
    return retryAfter;
  }
}
