package dev.diptych.http.connection;

import dev.diptych.Excerpt;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** What the head of a request must keep to, on every path. */
final class RequestHead {

  /*
   * Forms and multipart bodies are refused before anything parses them: no endpoint takes them, and
   * servers parse them in passing. Ranges of types, such as application/*+json, are no types.
   */

  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Set<String> AS_IT_IS = Set.of("", "identity");

  private RequestHead() {}

  static void check(HttpServletRequest request) throws RequestRefused {
    checkQuery(request.getQueryString());
    if (WITHOUT_BODY.contains(request.getMethod())) {
      return;
    }
    checkCoding(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    checkType(request.getContentType());
  }

  private static void checkQuery(@Nullable String query) throws RequestRefused {
    if (query == null) {
      return;
    }
    for (int at = query.indexOf('%'); at >= 0; at = query.indexOf('%', at + 1)) {
      if (at + 2 >= query.length()
          || Character.digit(query.charAt(at + 1), 16) < 0
          || Character.digit(query.charAt(at + 2), 16) < 0) {
        throw new RequestRefused(
            HttpStatus.BAD_REQUEST,
            "the address has a %% without two hexadecimal digits behind it. Given: ?%s"
                .formatted(Excerpt.of(query)));
      }
    }
  }

  private static void checkCoding(@Nullable String coding) throws RequestRefused {
    if (coding != null && !AS_IT_IS.contains(coding.strip().toLowerCase(Locale.ROOT))) {
      HttpHeaders headers = new HttpHeaders();
      headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
      throw new RequestRefused(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          headers,
          "the body must be sent without a content coding. Given: `Content-Encoding: %s`"
              .formatted(Excerpt.of(coding)));
    }
  }

  private static void checkType(@Nullable String type) throws RequestRefused {
    if (type == null) {
      return;
    }
    String lower = type.toLowerCase(Locale.ROOT);
    int end = lower.indexOf(';');
    String essence = (end < 0 ? lower : lower.substring(0, end)).strip();
    if (essence.contains("*")
        || essence.startsWith("multipart/")
        || essence.equals("application/x-www-form-urlencoded")) {
      throw new RequestRefused(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "the body must be application/json. Given: " + Excerpt.of(type));
    }
  }
}
