package dev.diptych.http.service;

import java.util.Arrays;
import java.util.Objects;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers requests that reach no dialect with problem details (RFC 9457). */
@Order(Ordered.LOWEST_PRECEDENCE)
@RestControllerAdvice
final class ServiceErrors {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> notFound(NoResourceFoundException cause) {
    return answer(
        HttpStatus.NOT_FOUND,
        HttpHeaders.EMPTY,
        "There is nothing at /%s; /docs lists the endpoints".formatted(cause.getResourcePath()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> methodNotAllowed(HttpRequestMethodNotSupportedException cause) {
    String[] supported =
        Objects.requireNonNullElseGet(cause.getSupportedMethods(), () -> new String[0]);
    Arrays.sort(supported);
    return answer(
        HttpStatus.METHOD_NOT_ALLOWED,
        cause.getHeaders(),
        "%s is not answered here; use %s"
            .formatted(cause.getMethod(), String.join(" or ", supported)));
  }

  private static ResponseEntity<ProblemDetail> answer(
      HttpStatus status, HttpHeaders headers, String detail) {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(ProblemDetail.forStatusAndDetail(status, detail));
  }
}
