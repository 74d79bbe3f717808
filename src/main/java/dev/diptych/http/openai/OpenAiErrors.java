package dev.diptych.http.openai;

import dev.diptych.DiptychException;
import dev.diptych.Excerpt;
import dev.diptych.ModelUnavailable;
import dev.diptych.Overloaded;
import dev.diptych.http.BodyProblem;
import dev.diptych.http.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers errors with OpenAI's statuses and its nested body, and nothing to a client that has left.
 */
@Order(0)
@RestControllerAdvice(basePackageClasses = OpenAiErrors.class)
final class OpenAiErrors {

  private static final Logger log = LoggerFactory.getLogger(OpenAiErrors.class);

  @ExceptionHandler
  ResponseEntity<OpenAiError> refused(Refusal refusal) {
    return answer(refusal.status(), HttpHeaders.EMPTY, OpenAiError.of(refusal));
  }

  @ExceptionHandler
  ResponseEntity<OpenAiError> failed(DiptychException cause, HttpServletRequest request) {
    HttpHeaders headers =
        switch (cause) {
          case Overloaded overloaded -> RetryAfter.in(overloaded.retryAfter());
          case ModelUnavailable unavailable -> RetryAfter.in(unavailable.retryAfter());
          default -> HttpHeaders.EMPTY;
        };
    return answer(
        OpenAiError.status(cause),
        headers,
        OpenAiError.of(cause, FieldNames.of(request.getServletPath())));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<OpenAiError> unreadable(HttpMessageNotReadableException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    if (cause.getMostSpecificCause() instanceof Refusal refusal) {
      return refused(refusal);
    }
    BodyProblem problem = BodyProblem.of(cause);
    return bad(
        problem.message(),
        problem.isJson() ? FieldNames.first(problem.message()) : null,
        problem.isJson() ? "invalid_type" : "invalid_json");
  }

  @ExceptionHandler
  ResponseEntity<OpenAiError> incomplete(MethodArgumentNotValidException cause) {
    FieldError missing = cause.getFieldError();
    String field = missing == null ? "body" : missing.getField();
    return bad("missing field `%s`".formatted(field), field, "missing_required_parameter");
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<OpenAiError> notJson(HttpServletRequest request) {
    return answer(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        HttpHeaders.EMPTY,
        OpenAiError.refused(
            "the body must be application/json. Given: "
                + Excerpt.of(String.valueOf(request.getContentType())),
            null,
            null));
  }

  /** Whoever interrupts a request knows that its client has left. */
  @ExceptionHandler
  @Nullable ResponseEntity<OpenAiError> left(InterruptedException cause) {
    log.debug("A request was interrupted", cause);
    return null;
  }

  @ExceptionHandler
  @Nullable ResponseEntity<OpenAiError> unexpected(RuntimeException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    log.error("A request failed unexpectedly", cause);
    return answer(HttpStatus.INTERNAL_SERVER_ERROR, HttpHeaders.EMPTY, OpenAiError.fault());
  }

  private static ResponseEntity<OpenAiError> bad(
      String message, @Nullable String param, @Nullable String code) {
    return answer(
        HttpStatus.BAD_REQUEST, HttpHeaders.EMPTY, OpenAiError.refused(message, param, code));
  }

  private static ResponseEntity<OpenAiError> answer(
      HttpStatus status, HttpHeaders headers, OpenAiError body) {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_JSON)
        .body(body);
  }
}
