package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import dev.diptych.Excerpt;
import dev.diptych.http.Dialect;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Tells browsers which pages may call the service (CORS), on every path and in every answer. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
final class CrossOrigin extends OncePerRequestFilter {

  /*
   * A request of another page is answered without the header, which its browser then keeps from it:
   * whoever is no browser sends an Origin as it likes.
   */

  private static final String ONE_HOUR = "3600";

  private final CorsConfiguration pages = new CorsConfiguration();
  private final JsonMapper mapper;

  CrossOrigin(DiptychSettings settings, JsonMapper mapper) {
    this.mapper = mapper;
    pages.setAllowedOriginPatterns(settings.http().corsOrigins());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      chain.doFilter(request, response);
      return;
    }
    boolean allowed = pages.checkOrigin(origin) != null;
    response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    if (allowed) {
      response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "*");
    }
    String method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    if (method == null || !HttpMethod.OPTIONS.matches(request.getMethod())) {
      chain.doFilter(request, response);
    } else if (allowed) {
      allow(response, request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS));
    } else {
      Answers.write(
          response,
          mapper,
          Dialect.of(request.getServletPath())
              .error(
                  HttpStatus.FORBIDDEN,
                  "pages of %s may not call this service (diptych.http.cors-origins)"
                      .formatted(Excerpt.of(origin))));
    }
  }

  private static void allow(HttpServletResponse response, @Nullable String headers) {
    response.setStatus(HttpStatus.NO_CONTENT.value());
    response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST");
    response.setHeader(
        HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers == null ? "content-type" : headers);
    response.setHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, ONE_HOUR);
  }
}
