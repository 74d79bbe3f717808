package dev.diptych.http.service;

import dev.diptych.DiptychSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers requests whose body is too large with 413, before anything parses them. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class BodySizeLimit extends OncePerRequestFilter {

  /*
   * A declared length is compared at once, and the server reads no more than that. A body without a
   * declared length (chunked) is read here up to the limit, so that exceeding it is known while the
   * status is still open and no converter turns it into another error.
   */

  private final long limit;

  BodySizeLimit(DiptychSettings settings) {
    this.limit = settings.http().maxBodySize().toBytes();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long declared = request.getContentLengthLong();
    if (declared > limit) {
      refuse(response, "The request body has %d bytes, more".formatted(declared));
      return;
    }
    if (declared >= 0 || request.getHeader("transfer-encoding") == null) {
      chain.doFilter(request, response);
      return;
    }
    int most = (int) Math.min(limit, Integer.MAX_VALUE - 16);
    byte[] body = request.getInputStream().readNBytes(most);
    if (body.length == most && request.getInputStream().read() >= 0) {
      refuse(response, "The request body is larger");
      return;
    }
    chain.doFilter(new ReadRequest(request, body), response);
  }

  private void refuse(HttpServletResponse response, String what) throws IOException {
    response.setStatus(HttpStatus.CONTENT_TOO_LARGE.value());
    response.setContentType(MediaType.TEXT_PLAIN_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8);
    response
        .getWriter()
        .print("%s than the limit of %d bytes (diptych.http.max-body-size)".formatted(what, limit));
  }
}
