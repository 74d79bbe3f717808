package dev.diptych.http.service;

import dev.diptych.http.Dialect;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers what nobody else has: errors that the server finds, and faults that nobody caught. */
@Hidden
@RestController
final class UnansweredErrors implements ErrorController {

  @RequestMapping("/error")
  ResponseEntity<Object> answer(HttpServletRequest request) {
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    if (path == null) {
      return Dialect.SERVICE.error(
          HttpStatus.NOT_FOUND, "There is nothing at /error; /docs lists the endpoints");
    }
    Dialect dialect = Dialect.of(path.toString());
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION)
        instanceof ResponseStatusException known) {
      return dialect.error(known.getStatusCode(), String.valueOf(known.getReason()));
    }
    HttpStatusCode status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? HttpStatusCode.valueOf(code)
            : HttpStatus.INTERNAL_SERVER_ERROR;
    return dialect.error(
        status,
        status.is5xxServerError()
            ? "the service failed; its log says why"
            : "the request cannot be used");
  }
}
