package dev.diptych.source;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line every few seconds for each model on its way. */
final class ProgressLog implements ProgressDisplay {

  private static final Logger log = LoggerFactory.getLogger(ProgressLog.class);
  private static final long INTERVAL = Duration.ofSeconds(3).toNanos();

  private final Map<String, Long> next = new ConcurrentHashMap<>();

  @Override
  public void text(String model, String text) {
    log.info("{}: {}", model, text);
  }

  @Override
  public void fraction(String model, String text, double fraction) {
    long now = System.nanoTime();
    Long due = next.putIfAbsent(model, now + INTERVAL);
    if (due != null && now - due >= 0) {
      next.put(model, now + INTERVAL);
      log.info("{}: {}", model, text);
    }
  }

  @Override
  public void end(String model) {
    next.remove(model);
  }
}
