package dev.diptych.http.connection;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The name by which a request is found again in logs and traces. */
final class RequestId {

  static final String HEADER = "X-Request-Id";

  private static final int MOST_CHARACTERS = 128;
  private static final String SIGNS = "-_.:/+=@";

  private RequestId() {}

  /** The client's own, if it can stand in a log line and a header as it is; else a new one. */
  static String of(@Nullable String given) {
    return given != null && isSane(given) ? given : made();
  }

  private static boolean isSane(String id) {
    return !id.isEmpty()
        && id.length() <= MOST_CHARACTERS
        && id.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || SIGNS.indexOf(c) >= 0));
  }

  private static String made() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
