package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import dev.diptych.http.Dialect;
import dev.diptych.metrics.Outcome;
import dev.diptych.metrics.RequestAccount;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets a request through when its head is in order and its body has come to its end, and knows from
 * then on whether its client is still there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class RequestGate extends OncePerRequestFilter {

  private static final Logger log = LoggerFactory.getLogger(RequestGate.class);

  private final BodyMemory memory;
  private final DiptychSettings.Http settings;
  private final JsonMapper mapper;

  RequestGate(BodyMemory memory, DiptychSettings settings, JsonMapper mapper) {
    this.memory = memory;
    this.settings = settings.http();
    this.mapper = mapper;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!Connection.CURRENT.isBound()) { // encrypted by Tomcat itself
      pass(request, response, chain, () -> {});
      return;
    }
    Connection connection = Connection.CURRENT.get();
    connection.receive();
    try {
      pass(request, response, chain, connection::answer);
    } catch (ServletException | IOException | RuntimeException e) {
      if (!connection.hasDeparted()) {
        throw e;
      }
      log.debug("The client left its request", e);
    } finally {
      if (connection.finish()) {
        RequestAccount.current().ends(Outcome.CANCELLED);
      }
    }
  }

  private void pass(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain, Runnable whole)
      throws ServletException, IOException {
    try (Body body = new Body(memory, settings.maxBodySize().toBytes())) {
      RequestHead.check(request);
      HttpServletRequest read = request;
      if (Body.comesWith(request)) {
        byte[] bytes = received(request, body);
        if (bytes == null) {
          return; // Tomcat has the response report the error that it finds in the request
        }
        read = new ReadRequest(request, bytes);
      }
      whole.run();
      chain.doFilter(read, response);
    } catch (RequestRefused refused) {
      Answers.write(
          response,
          mapper,
          Dialect.of(request.getServletPath())
              .error(refused.status(), refused.headers(), refused.message()));
    }
  }

  private byte @Nullable [] received(HttpServletRequest request, Body body) throws RequestRefused {
    try {
      return body.read(request);
    } catch (IOException e) {
      boolean overdue = Connection.CURRENT.isBound() && Connection.CURRENT.get().isOverdue();
      request.setAttribute(
          RequestDispatcher.ERROR_EXCEPTION,
          overdue || e.getCause() instanceof SocketTimeoutException
              ? new ResponseStatusException(
                  HttpStatus.REQUEST_TIMEOUT,
                  "the body did not come to its end within %s (diptych.http.read-timeout)"
                      .formatted(settings.readTimeout()))
              : new ResponseStatusException(
                  HttpStatus.BAD_REQUEST,
                  e instanceof BadRequestException
                      ? "the body's chunks are not in order"
                      : "the body ended before it was whole"));
      return null;
    }
  }
}
