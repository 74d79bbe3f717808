package dev.diptych.http;

import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.Permits;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Keeps what a request holds until the last byte of its answer is written, or it has failed. A slow
 * reader so keeps what its answer takes.
 */
@Component
public final class UntilWritten implements HandlerInterceptor, WebMvcConfigurer {

  private static final String KEPT = UntilWritten.class.getName();

  /** What one request holds; only its own thread knows it. */
  private record Kept(List<Permits> permits) implements Keeper {

    @Override
    public void keep(Permits more) {
      permits.add(more);
    }
  }

  /** Where a request keeps what is closed at its end. */
  public Keeper keeper(HttpServletRequest request) {
    if (request.getAttribute(KEPT) instanceof Kept kept) {
      return kept;
    }
    Kept kept = new Kept(new ArrayList<>(1));
    request.setAttribute(KEPT, kept);
    return kept;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    if (request.getAttribute(KEPT) instanceof Kept kept) {
      kept.permits().forEach(Permits::close);
    }
  }
}
