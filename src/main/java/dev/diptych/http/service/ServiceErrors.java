package dev.diptych.http.service;

import dev.diptych.Excerpt;
import dev.diptych.http.BodyProblem;
import dev.diptych.http.Dialect;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers requests that reach no controller of a dialect, in the body of their path's dialect. */
@Order(Ordered.LOWEST_PRECEDENCE)
@RestControllerAdvice
final class ServiceErrors {

  @ExceptionHandler
  ResponseEntity<Object> notFound(NoResourceFoundException cause, HttpServletRequest request) {
    return Dialect.of(request.getServletPath())
        .error(
            HttpStatus.NOT_FOUND,
            "There is nothing at /%s; /docs lists the endpoints"
                .formatted(Excerpt.of(cause.getResourcePath())));
  }

  @ExceptionHandler
  ResponseEntity<Object> methodNotAllowed(
      HttpRequestMethodNotSupportedException cause, HttpServletRequest request) {
    Set<HttpMethod> supported =
        new TreeSet<>(Objects.requireNonNullElse(cause.getSupportedHttpMethods(), Set.of()));
    String use = String.join(" or ", supported.stream().map(HttpMethod::name).toList());
    if (supported.contains(HttpMethod.GET)) {
      supported.add(HttpMethod.HEAD);
    }
    supported.add(HttpMethod.OPTIONS);
    HttpHeaders headers = new HttpHeaders();
    headers.setAllow(supported);
    return Dialect.of(request.getServletPath())
        .error(
            HttpStatus.METHOD_NOT_ALLOWED,
            headers,
            "%s is not answered here; use %s".formatted(Excerpt.of(cause.getMethod()), use));
  }

  @ExceptionHandler
  ResponseEntity<Object> notSupported(
      HttpMediaTypeNotSupportedException cause, HttpServletRequest request) {
    return Dialect.of(request.getServletPath())
        .error(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "the body cannot be of type %s"
                .formatted(Excerpt.of(String.valueOf(cause.getContentType()))));
  }

  @ExceptionHandler
  ResponseEntity<Object> notAcceptable(
      HttpMediaTypeNotAcceptableException cause, HttpServletRequest request) {
    return Dialect.of(request.getServletPath())
        .error(
            HttpStatus.NOT_ACCEPTABLE,
            "the answer can be of %s only".formatted(cause.getSupportedMediaTypes()));
  }

  @ExceptionHandler
  ResponseEntity<Object> unreadable(
      HttpMessageNotReadableException cause, HttpServletRequest request) {
    return Dialect.of(request.getServletPath())
        .error(HttpStatus.BAD_REQUEST, BodyProblem.of(cause).message());
  }
}
