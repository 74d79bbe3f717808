package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import dev.diptych.http.Dialect;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
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
   * What is open is listed, all else is closed, paths that do not exist included. A path counts only
   * as it was sent: others may read one with escapes or parameters in it in another way.
   */

  private static final Set<String> OPEN =
      Set.of("/health", "/ping", "/actuator/health", "/docs", "/api-doc/openapi.json");
  private static final List<String> OPEN_FOLDERS =
      List.of("/actuator/health/", "/swagger-ui/", "/v3/api-docs");
  private static final Set<String> METRICS = Set.of("/metrics", "/actuator/prometheus");
  private static final String ROOT = "/";
  private static final Set<String> READING = Set.of("GET", "HEAD");

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
    if (!READING.contains(request.getMethod())
        || !request.getRequestURI().equals(request.getContextPath() + path)) {
      return false;
    }
    return path.equals(ROOT)
        || OPEN.contains(path)
        || OPEN_FOLDERS.stream().anyMatch(path::startsWith)
        || (metricsOpen && METRICS.contains(path));
  }
}
