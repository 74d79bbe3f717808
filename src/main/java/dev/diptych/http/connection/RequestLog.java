package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import dev.diptych.Excerpt;
import dev.diptych.metrics.RequestAccount;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** A line for each request when it is answered, without anything of its body, query or headers. */
@Component
final class RequestLog {

  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);

  private final boolean wanted;

  RequestLog(DiptychSettings settings) {
    this.wanted = settings.http().logRequests();
  }

  void answered(HttpServletRequest request, int status, RequestAccount account) {
    if (wanted) {
      log.info(
          "{} {} {} {} in {} ms, model {}, {} tokens read, {} written, request {}",
          Excerpt.of(request.getMethod()),
          Excerpt.of(request.getRequestURI()),
          status,
          account.outcome(status).label(),
          TimeUnit.NANOSECONDS.toMillis(account.age()),
          account.model(),
          account.promptTokens(),
          account.newTokens(),
          account.id());
    }
  }
}
