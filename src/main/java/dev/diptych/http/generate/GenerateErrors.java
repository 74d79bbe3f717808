package dev.diptych.http.generate;

import dev.diptych.DeadlineExceeded;
import dev.diptych.DiptychException;
import dev.diptych.Excerpt;
import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.http.BodyProblem;
import dev.diptych.http.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers errors with the status and the body of text-generation-inference, and nothing to a client
 * that has left.
 */
@Order(0)
@RestControllerAdvice(basePackageClasses = GenerateController.class)
final class GenerateErrors {

  private static final Logger log = LoggerFactory.getLogger(GenerateErrors.class);

  @ExceptionHandler
  ResponseEntity<ErrorResponse> failed(DiptychException cause) {
    ErrorResponse body = ErrorResponse.of(cause);
    return switch (cause) {
      case InvalidInput _ -> answer(HttpStatus.UNPROCESSABLE_CONTENT, body);
      case InferenceFailed _ -> answer(HttpStatus.FAILED_DEPENDENCY, body);
      case DeadlineExceeded _ -> answer(HttpStatus.GATEWAY_TIMEOUT, body);
      case Overloaded overloaded ->
          answer(HttpStatus.TOO_MANY_REQUESTS, body, overloaded.retryAfter());
      case ModelUnavailable unavailable ->
          answer(HttpStatus.SERVICE_UNAVAILABLE, body, unavailable.retryAfter());
    };
  }

  @ExceptionHandler
  @Nullable ResponseEntity<ErrorResponse> unreadable(
      HttpMessageNotReadableException cause, HttpServletRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    BodyProblem problem = BodyProblem.of(cause);
    return answer(
        problem.isJson() ? HttpStatus.UNPROCESSABLE_CONTENT : HttpStatus.BAD_REQUEST,
        ErrorResponse.validation(
            request.getServletPath().equals("/")
                ? problem.message() + "; vectors of texts come from /embed"
                : problem.message()));
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<ErrorResponse> notJson(HttpServletRequest request) {
    return answer(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        ErrorResponse.validation(
            "the body must be application/json. Given: "
                + Excerpt.of(String.valueOf(request.getContentType()))));
  }

  /** Whoever interrupts a request knows that its client has left. */
  @ExceptionHandler
  @Nullable ResponseEntity<ErrorResponse> left(InterruptedException cause) {
    log.debug("A request to generate was interrupted", cause);
    return null;
  }

  @ExceptionHandler
  @Nullable ResponseEntity<ErrorResponse> unexpected(RuntimeException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    log.error("A request to generate failed unexpectedly", cause);
    return answer(HttpStatus.INTERNAL_SERVER_ERROR, ErrorResponse.of(cause));
  }

  private static ResponseEntity<ErrorResponse> answer(HttpStatus status, ErrorResponse body) {
    return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(body);
  }

  private static ResponseEntity<ErrorResponse> answer(
      HttpStatus status, ErrorResponse body, Duration retryAfter) {
    return ResponseEntity.status(status)
        .headers(RetryAfter.in(retryAfter))
        .contentType(MediaType.APPLICATION_JSON)
        .body(body);
  }
}
