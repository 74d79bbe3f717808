package dev.diptych.startup;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How often one model was loaded again, which must not go on for ever. */
final class Reloads {

  static final int MOST = 3;
  static final Duration WITHIN = Duration.ofHours(1);

  private final Deque<Long> times = new ArrayDeque<>();

  /**
   * Whether it may be loaded once more, which is counted.
   *
   * @param now as of {@link System#nanoTime}
   */
  boolean allow(long now) {
    while (!times.isEmpty() && now - times.getFirst() >= WITHIN.toNanos()) {
      times.removeFirst();
    }
    if (times.size() == MOST) {
      return false;
    }
    times.addLast(now);
    return true;
  }
}
