package dev.diptych.http.embed;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.http.RetryAfter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * A failure as text-embeddings-inference classifies it.
 *
 * @param type its name on the wire
 * @param retryAfter when another try makes sense; null if never
 */
record Failure(HttpStatus status, String type, String message, @Nullable Duration retryAfter) {

  private static final String PREFIX = "Input validation error: ";

  static Failure of(DiptychException cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case InvalidInput invalid ->
          switch (invalid.kind()) {
            case EMPTY -> refused(HttpStatus.BAD_REQUEST, "Empty", PREFIX + message);
            case BATCH_SIZE -> refused(HttpStatus.UNPROCESSABLE_CONTENT, "Validation", message);
            case VALIDATION, TOO_LONG, UNKNOWN_MODEL ->
                refused(HttpStatus.UNPROCESSABLE_CONTENT, "Validation", PREFIX + message);
            case TOKENIZER ->
                refused(
                    HttpStatus.UNPROCESSABLE_CONTENT, "Tokenizer", "Tokenizer error: " + message);
          };
      case InferenceFailed _ ->
          refused(HttpStatus.FAILED_DEPENDENCY, "Backend", "Backend error: " + message);
      case DeadlineExceeded _ ->
          refused(HttpStatus.GATEWAY_TIMEOUT, "Backend", "Backend error: " + message);
      case Overloaded overloaded ->
          new Failure(HttpStatus.TOO_MANY_REQUESTS, "Overloaded", message, overloaded.retryAfter());
      case ModelUnavailable unavailable ->
          new Failure(
              HttpStatus.SERVICE_UNAVAILABLE, "Unhealthy", message, unavailable.retryAfter());
    };
  }

  private static Failure refused(HttpStatus status, String type, String message) {
    return new Failure(status, type, message, null);
  }

  /** The response with a body of the dialect's. */
  <T> ResponseEntity<T> answer(T body) {
    ResponseEntity.BodyBuilder response =
        ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
    if (retryAfter != null) {
      response.headers(RetryAfter.in(retryAfter));
    }
    return response.body(body);
  }
}
