package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** The keys that open the door, of which only digests are kept. */
@Component
final class ApiKeys {

  /*
   * Digests are compared instead of keys, each of them to its end, so that the time says nothing
   * about how much of a key was right, or of which.
   */

  private static final String BEARER = "Bearer ";
  private static final String API_KEY = "x-api-key";

  private final List<byte[]> digests = new ArrayList<>();

  ApiKeys(DiptychSettings settings) {
    List<String> keys = settings.http().apiKeys();
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw new IllegalArgumentException(
            "key %d of the %d in diptych.http.api-keys must be visible ASCII characters, and at least one"
                .formatted(i + 1, keys.size()));
      }
      digests.add(digest(key));
    }
  }

  /** Whether requests need one. */
  boolean areNeeded() {
    return !digests.isEmpty();
  }

  /** Whether a request brings one of them. */
  boolean openFor(HttpServletRequest request) {
    String key = key(request);
    if (key == null) {
      return false;
    }
    byte[] given = digest(key);
    boolean known = false;
    for (byte[] digest : digests) {
      known |= MessageDigest.isEqual(digest, given);
    }
    return known;
  }

  private static @Nullable String key(HttpServletRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null) {
      return request.getHeader(API_KEY);
    }
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).strip()
        : null;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
