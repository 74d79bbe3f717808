package dev.diptych.http;

import java.time.Duration;
import org.springframework.http.HttpHeaders;

/** The header that says when another try makes sense. */
public final class RetryAfter {

  private RetryAfter() {}

  /** Headers with it, in whole seconds from 1. */
  public static HttpHeaders in(Duration wait) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds())));
    return headers;
  }
}
