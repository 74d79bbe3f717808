package dev.diptych;

import java.time.Duration;

/** The request was not answered in the time that a request may take. */
public final class DeadlineExceeded extends DiptychException {

  DeadlineExceeded(Duration allowed) {
    super(
        "the request was not answered within %s (diptych.http.request-timeout)".formatted(allowed),
        true);
  }
}
