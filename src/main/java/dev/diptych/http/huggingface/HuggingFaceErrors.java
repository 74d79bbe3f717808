package dev.diptych.http.huggingface;

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
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
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

/** Answers the errors of Hugging Face's tasks, and nothing to a client that has left. */
@Order(0)
@RestControllerAdvice(basePackageClasses = HuggingFaceTask.class)
final class HuggingFaceErrors {

  private static final Logger log = LoggerFactory.getLogger(HuggingFaceErrors.class);
  private static final String VALIDATION = "validation";

  @ExceptionHandler
  ResponseEntity<HuggingFaceError> failed(DiptychException cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case InvalidInput invalid ->
          answer(
              HttpStatus.UNPROCESSABLE_CONTENT,
              message,
              switch (invalid.kind()) {
                case EMPTY, BATCH_SIZE, VALIDATION, TOO_LONG, UNKNOWN_MODEL -> VALIDATION;
                case TOKENIZER -> "tokenizer";
              });
      case InferenceFailed _ -> answer(HttpStatus.FAILED_DEPENDENCY, message, "inference");
      case DeadlineExceeded _ -> answer(HttpStatus.GATEWAY_TIMEOUT, message, "inference");
      case Overloaded overloaded ->
          answer(HttpStatus.TOO_MANY_REQUESTS, message, "overloaded", overloaded.retryAfter());
      case ModelUnavailable unavailable ->
          answer(HttpStatus.SERVICE_UNAVAILABLE, message, "unavailable", unavailable.retryAfter());
    };
  }

  @ExceptionHandler
  @Nullable ResponseEntity<HuggingFaceError> unreadable(HttpMessageNotReadableException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    BodyProblem problem = BodyProblem.of(cause);
    return answer(
        problem.isJson() ? HttpStatus.UNPROCESSABLE_CONTENT : HttpStatus.BAD_REQUEST,
        problem.message(),
        VALIDATION);
  }

  @ExceptionHandler
  ResponseEntity<HuggingFaceError> incomplete(MethodArgumentNotValidException cause) {
    FieldError missing = cause.getFieldError();
    return answer(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "`%s` is missing".formatted(missing == null ? "body" : onTheWire(missing.getField())),
        VALIDATION);
  }

  private static String onTheWire(String field) {
    return field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<HuggingFaceError> notJson(HttpServletRequest request) {
    return answer(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        "the body must be application/json. Given: "
            + Excerpt.of(String.valueOf(request.getContentType())),
        VALIDATION);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<HuggingFaceError> unexpected(RuntimeException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    log.error("A request for a task failed unexpectedly", cause);
    return answer(
        HttpStatus.INTERNAL_SERVER_ERROR, "the service failed; its log says why", "inference");
  }

  private static ResponseEntity<HuggingFaceError> answer(
      HttpStatus status, String message, String type) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(new HuggingFaceError(message, type));
  }

  private static ResponseEntity<HuggingFaceError> answer(
      HttpStatus status, String message, String type, Duration retryAfter) {
    return ResponseEntity.status(status)
        .headers(RetryAfter.in(retryAfter))
        .contentType(MediaType.APPLICATION_JSON)
        .body(new HuggingFaceError(message, type));
  }
}
