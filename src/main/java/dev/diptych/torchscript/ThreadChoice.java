package dev.diptych.torchscript;

import java.util.Arrays;

/**
 * Whether one core or all of them finish a kind of call sooner, learnt from the calls themselves.
 *
 * <p>OpenMP's threads spin at their barriers. As soon as another process wants a core they wait for
 * each other, and a step on two cores takes ten times what it takes on one. Results are the same
 * either way.
 */
final class ThreadChoice {

  /*
   * The option in use has the median of its last durations, which one disturbed call does not move,
   * the other that of its last trial. A trial is made once every so many calls; the interval doubles
   * while the trial is clearly slower, and starts again when the choice changes.
   */

  private static final int FIRST_INTERVAL = 16;
  private static final int LONGEST_INTERVAL = 1024;
  private static final int REMEMBERED = 5;
  private static final double CLEARLY = 1.15;

  private final int all;
  private final long[] durations = new long[REMEMBERED]; // of the option in use
  private int known; // of the durations
  private long oneNanos;
  private long allNanos;
  private boolean preferOne;
  private int interval = FIRST_INTERVAL;
  private int callsUntilTrial = FIRST_INTERVAL;

  ThreadChoice(int all) {
    this.all = all;
  }

  /** Threads for the next call. */
  int next() {
    boolean trial = --callsUntilTrial <= 0;
    if (trial) {
      callsUntilTrial = interval;
    }
    return preferOne == trial ? all : 1;
  }

  /** What the call took with so many threads. */
  void took(int threads, long nanos) {
    if (all == 1) {
      return;
    }
    boolean trial = (threads == 1) != preferOne;
    long typical = trial ? nanos : typical(nanos);
    if (threads == 1) {
      oneNanos = typical;
    } else {
      allNanos = typical;
    }
    if (oneNanos == 0 || allNanos == 0) {
      return;
    }
    boolean oneIsFaster = oneNanos < allNanos;
    if (oneIsFaster != preferOne) {
      preferOne = oneIsFaster;
      known = 0;
      interval = FIRST_INTERVAL;
    } else if (trial) {
      double slower = (double) Math.max(oneNanos, allNanos) / Math.min(oneNanos, allNanos);
      interval = slower > CLEARLY ? Math.min(LONGEST_INTERVAL, 2 * interval) : FIRST_INTERVAL;
    }
  }

  /* The median of the last durations, this one included. */
  private long typical(long nanos) {
    durations[known++ % REMEMBERED] = nanos;
    long[] last = Arrays.copyOf(durations, Math.min(known, REMEMBERED));
    Arrays.sort(last);
    return last[(last.length - 1) / 2];
  }
}
