package dev.diptych.http;

import java.util.List;
import java.util.Set;

/** What is answered without a key where keys are set; everything else is closed. */
public final class OpenPaths {

  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/health",
          "/ping",
          "/livez",
          "/readyz",
          "/actuator/health",
          "/docs",
          "/api-doc/openapi.json");
  private static final List<String> OPEN_FOLDERS =
      List.of("/actuator/health/", "/swagger-ui/", "/v3/api-docs");
  private static final Set<String> METRICS = Set.of("/metrics", "/actuator/prometheus");
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private OpenPaths() {}

  /**
   * Whether a request needs no key.
   *
   * @param metricsOpen whether the metrics are open
   */
  public static boolean contain(String method, String path, boolean metricsOpen) {
    return READING.contains(method)
        && (OPEN.contains(path)
            || OPEN_FOLDERS.stream().anyMatch(path::startsWith)
            || (metricsOpen && METRICS.contains(path)));
  }
}
