package dev.diptych.http.service;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes what is posted to the root to the model that its body asks for, as each of the peers, which
 * have one model each, answers there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20) // behind the gate, which has the body in memory
final class RootByBody extends OncePerRequestFilter {

  static final String TO_THE_ROOT = RootByBody.class.getName();

  private final RootTargets targets;
  private final JsonMapper mapper;

  RootByBody(RootTargets targets, JsonMapper mapper) {
    this.targets = targets;
    this.mapper = mapper;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getAttribute(TO_THE_ROOT) == null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String target = targets.of(RootBody.of(request.getInputStream(), mapper));
    boolean isThereAlready = request.getServletPath().equals(target);
    chain.doFilter(isThereAlready ? request : new RootRequest(request, target), response);
  }
}
