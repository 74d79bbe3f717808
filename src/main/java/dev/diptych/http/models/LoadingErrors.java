package dev.diptych.http.models;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.http.Dialect;
import dev.diptych.http.RetryAfter;
import dev.diptych.model.ModelLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers the errors of loading and unloading as problem details. */
@Order(0)
@RestControllerAdvice(basePackageClasses = LoadingController.class)
final class LoadingErrors {

  private static final Logger log = LoggerFactory.getLogger(LoadingErrors.class);

  @ExceptionHandler
  ResponseEntity<Object> failed(DiptychException cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case InvalidInput invalid ->
          answer(
              invalid.kind() == InvalidInput.Kind.UNKNOWN_MODEL
                  ? HttpStatus.NOT_FOUND
                  : HttpStatus.UNPROCESSABLE_CONTENT,
              message);
      case InferenceFailed _ -> answer(HttpStatus.FAILED_DEPENDENCY, message);
      case DeadlineExceeded _ -> answer(HttpStatus.GATEWAY_TIMEOUT, message);
      case Overloaded overloaded ->
          answer(HttpStatus.TOO_MANY_REQUESTS, RetryAfter.in(overloaded.retryAfter()), message);
      case ModelUnavailable unavailable ->
          answer(HttpStatus.SERVICE_UNAVAILABLE, RetryAfter.in(unavailable.retryAfter()), message);
    };
  }

  @ExceptionHandler
  ResponseEntity<Object> notAllowed(NotAllowed cause) {
    return answer(HttpStatus.FORBIDDEN, String.valueOf(cause.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<Object> conflict(ModelLifeCycle.Conflict cause) {
    return answer(HttpStatus.CONFLICT, String.valueOf(cause.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<Object> notLoaded(NotLoaded cause) {
    return answer(
        cause.isWithoutMemory() ? HttpStatus.CONFLICT : HttpStatus.FAILED_DEPENDENCY,
        String.valueOf(cause.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<Object> incomplete(MethodArgumentNotValidException cause) {
    FieldError missing = cause.getFieldError();
    return answer(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "missing field `%s`".formatted(missing == null ? "body" : missing.getField()));
  }

  /** Whoever interrupts a request knows that its client has left. */
  @ExceptionHandler
  @Nullable ResponseEntity<Object> left(InterruptedException cause) {
    log.debug("A request was interrupted", cause);
    return null;
  }

  private static ResponseEntity<Object> answer(HttpStatus status, String message) {
    return answer(status, HttpHeaders.EMPTY, message);
  }

  private static ResponseEntity<Object> answer(
      HttpStatus status, HttpHeaders headers, String message) {
    return Dialect.SERVICE.error(status, headers, message);
  }
}
