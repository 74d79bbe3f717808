package dev.diptych.http.embed;

import dev.diptych.DiptychException;
import dev.diptych.Excerpt;
import dev.diptych.http.BodyProblem;
import dev.diptych.http.Dialect;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
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

/**
 * Answers errors with the status and the body of text-embeddings-inference: JSON for what a model
 * refuses, plain text for bodies that cannot be read, and nothing for a client that has left.
 */
@Order(0)
@RestControllerAdvice(basePackageClasses = EmbedController.class)
final class EmbedErrors {

  private static final Logger log = LoggerFactory.getLogger(EmbedErrors.class);
  private static final MediaType PLAIN_TEXT =
      new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

  @ExceptionHandler
  ResponseEntity<ErrorBody> failed(DiptychException cause) {
    Failure failure = Failure.of(cause);
    return failure.answer(new ErrorBody(failure.message(), failure.type()));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<String> unreadable(HttpMessageNotReadableException cause) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    BodyProblem problem = BodyProblem.of(cause);
    return problem.isJson()
        ? plain(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "Failed to deserialize the JSON body into the target type: " + problem.message())
        : plain(
            HttpStatus.BAD_REQUEST,
            "Failed to parse the request body as JSON: " + problem.message());
  }

  @ExceptionHandler
  ResponseEntity<String> incomplete(MethodArgumentNotValidException cause) {
    FieldError missing = cause.getFieldError();
    return plain(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "Failed to deserialize the JSON body into the target type: missing field `%s`"
            .formatted(missing == null ? "body" : missing.getField()));
  }

  @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
  ResponseEntity<Object> notJson(HttpServletRequest request) {
    return Dialect.of(request.getServletPath())
        .error(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "Expected request with `Content-Type: application/json`. Given: "
                + Excerpt.of(String.valueOf(request.getContentType())));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(RuntimeException cause, HttpServletRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(cause)) {
      return null;
    }
    log.error("A request for embeddings failed unexpectedly", cause);
    return Dialect.of(request.getServletPath())
        .error(HttpStatus.INTERNAL_SERVER_ERROR, "the service failed; its log says why");
  }

  private static ResponseEntity<String> plain(HttpStatus status, String message) {
    return ResponseEntity.status(status).contentType(PLAIN_TEXT).body(message);
  }
}
