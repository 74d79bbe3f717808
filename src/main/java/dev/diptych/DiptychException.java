package dev.diptych;

/**
 * A request or a model that cannot be served; each HTTP dialect maps its kinds to a status and a
 * body once. Its message is an {@link Excerpt} if it repeats a long value.
 */
public abstract sealed class DiptychException extends RuntimeException
    permits InvalidInput, Overloaded, ModelUnavailable, InferenceFailed, DeadlineExceeded {

  DiptychException(String message) {
    super(Excerpt.of(message));
  }

  DiptychException(String message, Throwable cause) {
    super(Excerpt.of(message), cause);
  }

  /* Without a stack trace if it is known what happened. */
  DiptychException(String message, boolean known) {
    super(message, null, !known, !known);
  }
}
