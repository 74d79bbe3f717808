package dev.diptych.http.service;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What is posted to the root goes to {@code /embed} where no decoder is configured, as
 * text-embeddings-inference has it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // before whatever answers in the dialect of the path
final class RootOfEmbeddings extends OncePerRequestFilter {

  static final String EMBED = "/embed";

  private final boolean embeds;

  RootOfEmbeddings(ModelStates models) {
    this.embeds = isConfigured(models, Role.EMBED) && !isConfigured(models, Role.GENERATE);
  }

  private static boolean isConfigured(ModelStates models, Role role) {
    return models.roles().stream()
        .anyMatch(served -> served.role() == role && !(served.state() instanceof Served.Off<?>));
  }

  /** Whether texts to embed may be posted to the root. */
  boolean embeds() {
    return embeds;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean isOfEmbeddings =
        embeds
            && HttpMethod.POST.matches(request.getMethod())
            && request.getServletPath().equals("/");
    chain.doFilter(isOfEmbeddings ? new ToEmbed(request) : request, response);
  }

  /** A request to the root as if it had been sent to {@code /embed}. */
  private static final class ToEmbed extends HttpServletRequestWrapper {

    ToEmbed(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getServletPath() {
      return EMBED;
    }

    @Override
    public String getRequestURI() {
      return EMBED;
    }
  }
}
