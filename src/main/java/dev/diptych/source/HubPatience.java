package dev.diptych.source;

import java.time.Duration;

/**
 * How long the Hub is waited for.
 *
 * @param connect for its address and for a connection
 * @param answer for the head of an answer
 * @param silence for the next byte of a body
 * @param pause before the first new attempt; doubles with each failure in a row
 */
record HubPatience(Duration connect, Duration answer, Duration silence, Duration pause) {

  /** What suits the public Hub: seconds until it is known to be out of reach. */
  static final HubPatience USUAL =
      new HubPatience(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(500));

  private static final int MOST_DOUBLINGS = 5;

  /** How long to wait after some failures in a row, at least as long as the Hub asked for. */
  Duration pauseAfter(int failures, Duration retryAfter) {
    Duration ours = pause.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    return ours.compareTo(retryAfter) > 0 ? ours : retryAfter;
  }
}
