package dev.diptych.metrics;

import dev.diptych.DeadlineExceeded;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import java.util.Locale;

/** What became of a request. */
public enum Outcome {
  /** It was answered. */
  SUCCESS,
  /** It asked for what cannot be done, or had no key. */
  REFUSED,
  /** Too much was going on. */
  OVERLOADED,
  /** Its model was not there. */
  UNAVAILABLE,
  /** Its deadline came first. */
  TIMEOUT,
  /** Its client left. */
  CANCELLED,
  /** The model or the service failed. */
  FAILED;

  /** The outcome that a status tells. */
  public static Outcome of(int status) {
    return switch (status) {
      case 424 -> FAILED;
      case 429 -> OVERLOADED;
      case 503 -> UNAVAILABLE;
      case 504 -> TIMEOUT;
      default -> status < 400 ? SUCCESS : status < 500 ? REFUSED : FAILED;
    };
  }

  /** The outcome of what a model was to do. */
  public static Outcome of(RuntimeException cause) {
    return switch (cause) {
      case InvalidInput _ -> REFUSED;
      case Overloaded _ -> OVERLOADED;
      case ModelUnavailable _ -> UNAVAILABLE;
      case DeadlineExceeded _ -> TIMEOUT;
      default -> FAILED;
    };
  }

  /** Its name in metrics and logs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
