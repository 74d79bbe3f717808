package dev.diptych.http.connection;

import java.io.Serial;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A request that no dialect will see. */
final class RequestRefused extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final transient HttpHeaders headers;

  RequestRefused(HttpStatus status, String message) {
    this(status, HttpHeaders.EMPTY, message);
  }

  RequestRefused(HttpStatus status, HttpHeaders headers, String message) {
    super(message, null, false, false);
    this.status = status;
    this.headers = headers;
  }

  HttpStatus status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
