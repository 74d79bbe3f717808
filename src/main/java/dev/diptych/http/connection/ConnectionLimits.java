package dev.diptych.http.connection;

import dev.diptych.DiptychSettings;
import java.time.Duration;

/**
 * How long a connection may wait for its client.
 *
 * @param read for a request's head, and again for its body
 * @param write for an answer's reader, all in all
 */
record ConnectionLimits(Duration read, Duration write) {

  static ConnectionLimits of(DiptychSettings.Http settings) {
    return new ConnectionLimits(settings.readTimeout(), settings.writeTimeout());
  }
}
