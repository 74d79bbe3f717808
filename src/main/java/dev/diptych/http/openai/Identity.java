package dev.diptych.http.openai;

import java.time.Instant;
import java.util.UUID;

/**
 * What an answer and each of its events are known by.
 *
 * @param created in seconds since 1970
 */
record Identity(String id, long created, String model) {

  /** A new one. */
  static Identity of(String prefix, String model) {
    return new Identity(random(prefix), Instant.now().getEpochSecond(), model);
  }

  /** A name that nothing else has. */
  static String random(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }
}
