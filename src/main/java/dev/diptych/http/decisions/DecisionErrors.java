package dev.diptych.http.decisions;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.http.BodyProblem;
import dev.diptych.http.Dialect;
import dev.diptych.http.RetryAfter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/** Answers errors as System One does, and nothing to a client that has left. */
@Order(0)
@RestControllerAdvice(basePackageClasses = DecisionErrors.class)
final class DecisionErrors {

  private static final Logger log = LoggerFactory.getLogger(DecisionErrors.class);

  @ExceptionHandler
  ResponseEntity<Object> refused(Refused cause) {
    return problems(cause.problems());
  }

  @ExceptionHandler
  ResponseEntity<Object> failed(DiptychException cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case InvalidInput invalid when invalid.kind() == InvalidInput.Kind.UNKNOWN_MODEL ->
          Dialect.SYSTEM_ONE.error(HttpStatus.NOT_FOUND, message);
      case InvalidInput invalid ->
          problems(
              List.of(
                  new Problem(
                      List.of("body"),
                      message,
                      invalid.kind() == InvalidInput.Kind.TOO_LONG ? "too_long" : "value_error")));
      case Overloaded overloaded ->
          Dialect.SYSTEM_ONE.error(
              HttpStatus.TOO_MANY_REQUESTS, RetryAfter.in(overloaded.retryAfter()), message);
      case ModelUnavailable unavailable ->
          Dialect.SYSTEM_ONE.error(
              HttpStatus.SERVICE_UNAVAILABLE, RetryAfter.in(unavailable.retryAfter()), message);
      case InferenceFailed _ -> Dialect.SYSTEM_ONE.error(HttpStatus.FAILED_DEPENDENCY, message);
      case DeadlineExceeded _ -> Dialect.SYSTEM_ONE.error(HttpStatus.GATEWAY_TIMEOUT, message);
    };
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unreadable(HttpMessageNotReadableException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    BodyProblem problem = BodyProblem.of(cause);
    return problems(
        List.of(
            new Problem(
                List.of("body"),
                problem.message(),
                problem.isJson() ? "value_error" : "json_invalid")));
  }

  @ExceptionHandler
  ResponseEntity<Object> notJson(HttpMediaTypeNotSupportedException cause) {
    return Dialect.SYSTEM_ONE.error(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "the body must be application/json. Given: " + cause.getContentType());
  }

  /** Whoever interrupts a request knows that its client has left. */
  @ExceptionHandler
  @Nullable ResponseEntity<Object> left(InterruptedException cause) {
    log.debug("A request was interrupted", cause);
    return null;
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(RuntimeException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    log.error("A decision failed unexpectedly", cause);
    return Dialect.SYSTEM_ONE.error(
        HttpStatus.INTERNAL_SERVER_ERROR,
        HttpHeaders.EMPTY,
        "the service failed; its log says why");
  }

  private static ResponseEntity<Object> problems(List<Problem> problems) {
    return ResponseEntity.status(HttpStatus.UNPROCESSABLE_CONTENT)
        .contentType(MediaType.APPLICATION_JSON)
        .body(DecisionError.of(problems));
  }
}
