package dev.diptych.http.service;

import dev.diptych.model.Role;
import dev.diptych.model.Served;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What is posted to the root goes to {@code /embed} where no decoder is configured, as
 * text-embeddings-inference has it.
 */
@Component
final class RootOfEmbeddings extends OncePerRequestFilter {

  private final boolean embeds;

  RootOfEmbeddings(ModelStates models) {
    this.embeds = isConfigured(models, Role.EMBED) && !isConfigured(models, Role.GENERATE);
  }

  private static boolean isConfigured(ModelStates models, Role role) {
    return models.roles().stream()
        .anyMatch(served -> served.role() == role && !(served.state() instanceof Served.Off<?>));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (embeds
        && HttpMethod.POST.matches(request.getMethod())
        && request.getServletPath().equals("/")) {
      request.getRequestDispatcher("/embed").forward(request, response);
    } else {
      chain.doFilter(request, response);
    }
  }
}
