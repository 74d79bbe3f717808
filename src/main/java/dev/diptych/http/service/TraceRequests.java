package dev.diptych.http.service;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses TRACE as any other method that a path does not answer, naming those that it does. */
@Component
final class TraceRequests extends OncePerRequestFilter
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  /*
   * Tomcat refuses it itself, with every method that servlets have in `Allow`; Spring's servlet
   * answers it with the request's own headers. In small letters it is a method that neither knows.
   */

  private static final String UNKNOWN = HttpMethod.TRACE.name().toLowerCase(Locale.ROOT);

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addConnectorCustomizers(connector -> connector.setAllowTrace(true));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(
        HttpMethod.TRACE.matches(request.getMethod()) ? new Unknown(request) : request, response);
  }

  /** A request of a method that no endpoint has. */
  private static final class Unknown extends HttpServletRequestWrapper {

    Unknown(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getMethod() {
      return UNKNOWN;
    }
  }
}
