package dev.diptych.http.rerank;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.Excerpt;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.http.BodyProblem;
import dev.diptych.http.Dialect;
import dev.diptych.http.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers errors in the body of the path's dialect, OpenAI's or Cohere's, and nothing to a client
 * that has left.
 */
@Order(0)
@RestControllerAdvice(basePackageClasses = RankErrors.class)
final class RankErrors {

  private static final Logger log = LoggerFactory.getLogger(RankErrors.class);

  @ExceptionHandler
  ResponseEntity<Object> failed(DiptychException cause, HttpServletRequest request) {
    HttpStatus status =
        switch (cause) {
          case InvalidInput invalid ->
              invalid.kind() == InvalidInput.Kind.UNKNOWN_MODEL
                  ? HttpStatus.NOT_FOUND
                  : HttpStatus.BAD_REQUEST;
          case InferenceFailed _ -> HttpStatus.INTERNAL_SERVER_ERROR;
          case DeadlineExceeded _ -> HttpStatus.GATEWAY_TIMEOUT;
          case Overloaded _ -> HttpStatus.TOO_MANY_REQUESTS;
          case ModelUnavailable _ -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    HttpHeaders headers =
        switch (cause) {
          case Overloaded overloaded -> RetryAfter.in(overloaded.retryAfter());
          case ModelUnavailable unavailable -> RetryAfter.in(unavailable.retryAfter());
          default -> HttpHeaders.EMPTY;
        };
    return Dialect.of(request.getServletPath())
        .error(status, headers, String.valueOf(cause.getMessage()));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unreadable(
      HttpMessageNotReadableException cause, HttpServletRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    return bad(BodyProblem.of(cause).message(), request);
  }

  @ExceptionHandler
  ResponseEntity<Object> incomplete(
      MethodArgumentNotValidException cause, HttpServletRequest request) {
    FieldError missing = cause.getFieldError();
    return bad(
        "missing field `%s`".formatted(missing == null ? "body" : missing.getField()), request);
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<Object> notJson(HttpServletRequest request) {
    return Dialect.of(request.getServletPath())
        .error(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "the body must be application/json. Given: "
                + Excerpt.of(String.valueOf(request.getContentType())));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(RuntimeException cause, HttpServletRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    log.error("A request to rank failed unexpectedly", cause);
    return Dialect.of(request.getServletPath())
        .error(HttpStatus.INTERNAL_SERVER_ERROR, "the service failed; its log says why");
  }

  private static ResponseEntity<Object> bad(String message, HttpServletRequest request) {
    return Dialect.of(request.getServletPath()).error(HttpStatus.BAD_REQUEST, message);
  }
}
