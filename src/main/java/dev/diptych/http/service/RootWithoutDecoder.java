package dev.diptych.http.service;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What is posted to the root goes to {@code /embed} where no decoder is configured, as
 * text-embeddings-inference has it, or to {@code /fill-mask} where that is all there is.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // before whatever answers in the dialect of the path
final class RootWithoutDecoder extends OncePerRequestFilter {

  private final RootTargets targets;

  RootWithoutDecoder(RootTargets targets) {
    this.targets = targets;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean isOfTheRoot =
        HttpMethod.POST.matches(request.getMethod()) && request.getServletPath().equals("/");
    if (isOfTheRoot) {
      request.setAttribute(RootByBody.TO_THE_ROOT, true);
    }
    String target = targets.withoutBody();
    boolean goesElsewhere = isOfTheRoot && !target.equals("/");
    chain.doFilter(goesElsewhere ? new RootRequest(request, target) : request, response);
  }
}
