package dev.diptych.http.connection;

import dev.diptych.Deadline;
import dev.diptych.DiptychSettings;
import dev.diptych.metrics.MetricsConfiguration;
import dev.diptych.metrics.RequestAccount;
import dev.diptych.metrics.RequestMetrics;
import dev.diptych.metrics.Traces;
import dev.diptych.model.ModelUse;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.MDC;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives each request its id, which the answer and its log lines have, keeps its account, and sets
 * its deadline.
 */
@Component
@Import(MetricsConfiguration.class)
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
final class RequestFollower extends OncePerRequestFilter {

  /** Where the pattern of log lines finds the id. */
  private static final String LOGGED_ID = "request";

  private final Endpoints endpoints;
  private final RequestLog log;
  private final RequestMetrics metrics;
  private final Traces traces;
  private final Duration timeout;

  RequestFollower(
      Endpoints endpoints,
      RequestLog log,
      RequestMetrics metrics,
      Traces traces,
      DiptychSettings settings) {
    this.endpoints = endpoints;
    this.log = log;
    this.metrics = metrics;
    this.traces = traces;
    this.timeout = settings.http().requestTimeout();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String id = RequestId.of(request.getHeader(RequestId.HEADER));
    response.setHeader(RequestId.HEADER, id);
    RequestAccount account =
        new RequestAccount(
            id, endpoints.of(request.getMethod(), request.getServletPath()), traces.areSent());
    MDC.put(LOGGED_ID, id);
    int status = HttpStatus.INTERNAL_SERVER_ERROR.value(); // which a fault becomes, further out
    metrics.begun();
    try {
      answer(account, request, response, chain);
      status = response.getStatus();
    } finally {
      metrics.ended(account, status);
      traces.ended(account, request.getMethod(), status, request::getHeader);
      log.answered(request, status, account);
    }
    MDC.remove(LOGGED_ID); // not so after a fault, which Tomcat is still to log
  }

  private void answer(
      RequestAccount account,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    try (ModelUse use = new ModelUse()) {
      ScopedValue.where(RequestAccount.CURRENT, account)
          .where(Deadline.CURRENT, Deadline.in(timeout))
          .where(ModelUse.CURRENT, use)
          .call(
              () -> {
                chain.doFilter(request, response);
                return true;
              });
    } catch (ServletException | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }
}
