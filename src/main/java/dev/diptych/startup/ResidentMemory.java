package dev.diptych.startup;

import java.time.Duration;

/**
 * Tells from the size of the process, looked at again and again, when it is worth giving memory
 * back.
 */
final class ResidentMemory {

  /*
   * That is when the process has stopped growing and is larger than it once was after giving memory
   * back. Each time that this gains little the next one waits twice as long, until it grows again.
   */

  static final Duration LOOK = Duration.ofSeconds(15);

  private static final int FIRST_WAIT = 2; // looks
  private static final int LONGEST_WAIT = 64;
  private static final double SAME = 1.01;
  private static final double LARGER = 1.05;

  private long previous;
  private long least = Long.MAX_VALUE;
  private long beforeLast;
  private int wait = FIRST_WAIT;
  private int looks;

  /** Looks at the process once more, which has so many bytes in memory. */
  boolean isWorthReturning(long bytes) {
    boolean grows = bytes > SAME * previous;
    previous = bytes;
    if (bytes > LARGER * beforeLast) {
      wait = FIRST_WAIT;
    }
    boolean larger = least == Long.MAX_VALUE || bytes > LARGER * least;
    looks++;
    if (grows || !larger || looks < wait) {
      return false;
    }
    beforeLast = bytes;
    return true;
  }

  /** So many bytes are left. */
  void returned(long bytes) {
    wait = bytes * LARGER < beforeLast ? FIRST_WAIT : Math.min(LONGEST_WAIT, 2 * wait);
    least = Math.min(least, bytes);
    previous = bytes;
    looks = 0;
  }
}
