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
   * the other the least of its last trial. A trial takes several calls, as in the first of them the
   * other cores have to wake up. It is made once every so many calls; the interval doubles while it
   * is clearly slower, and starts again when the choice changes.
   */

  private static final int FIRST_INTERVAL = 16;
  private static final int LONGEST_INTERVAL = 1024;
  private static final int REMEMBERED = 5;
  private static final int TRIAL = 3;
  private static final double CLEARLY = 1.15;

  private final int all;
  private final long[] durations = new long[REMEMBERED]; // of the option in use
  private int known; // of the durations
  private int oldest; // of the durations
  private long trialNanos = Long.MAX_VALUE; // of the option on trial, so far
  private long otherNanos = Long.MAX_VALUE; // of its last trial, or of when it was in use
  private boolean preferOne;
  private int interval = FIRST_INTERVAL;
  private int calls; // since the last trial

  ThreadChoice(int all) {
    this.all = all;
  }

  /** Threads for the next call. */
  int next() {
    boolean trial = ++calls > interval;
    return preferOne == trial ? all : 1;
  }

  /** What the call took with so many threads. */
  void took(int threads, long nanos) {
    if (all == 1) {
      return;
    }
    if ((threads == 1) == preferOne) {
      durations[oldest] = nanos;
      oldest = (oldest + 1) % REMEMBERED;
      known = Math.min(known + 1, REMEMBERED);
    } else {
      tried(nanos);
    }
    if (known >= TRIAL && otherNanos < typical()) {
      otherNanos = typical();
      preferOne = !preferOne;
      known = 0;
      oldest = 0;
      calls = 0;
      interval = FIRST_INTERVAL;
    }
  }

  private void tried(long nanos) {
    trialNanos = Math.min(trialNanos, nanos);
    if (calls < interval + TRIAL) {
      return;
    }
    boolean clearlySlower = trialNanos > CLEARLY * typical();
    interval = clearlySlower ? Math.min(LONGEST_INTERVAL, 2 * interval) : FIRST_INTERVAL;
    otherNanos = trialNanos;
    trialNanos = Long.MAX_VALUE;
    calls = 0;
  }

  /* The median of the last durations of the option in use. */
  private long typical() {
    if (known == 0) {
      return Long.MAX_VALUE;
    }
    long[] last = Arrays.copyOf(durations, known);
    Arrays.sort(last);
    return last[known / 2];
  }
}
