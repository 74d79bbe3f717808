package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import dev.diptych.http.Dialect;
import dev.diptych.http.OpenPaths;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets requests in that bring a key, where keys are set; before anything of them is read. Open to
 * all are the health, what describes the API, and the metrics if a setting says so.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 7) // behind CrossOrigin, as preflights bring no key
final class Door extends OncePerRequestFilter {

  /*
   * A path counts as open only as it was sent: others may read one with escapes or parameters in it
   * in another way.
   */

  private final ApiKeys keys;
  private final boolean metricsOpen;
  private final JsonMapper mapper;

  Door(ApiKeys keys, DiptychSettings settings, JsonMapper mapper) {
    this.keys = keys;
    this.metricsOpen = settings.http().metricsOpen();
    this.mapper = mapper;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!keys.areNeeded() || isOpen(request) || keys.openFor(request)) {
      chain.doFilter(request, response);
      return;
    }
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"diptych\"");
    Answers.write(
        response,
        mapper,
        Dialect.of(request.getServletPath())
            .error(
                HttpStatus.UNAUTHORIZED,
                headers,
                "the request needs an API key: `Authorization: Bearer` and the key"));
  }

  private boolean isOpen(HttpServletRequest request) {
    String path = request.getServletPath();
    return request.getRequestURI().equals(request.getContextPath() + path)
        && OpenPaths.contain(request.getMethod(), path, metricsOpen);
  }
}
