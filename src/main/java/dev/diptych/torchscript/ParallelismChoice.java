package dev.diptych.torchscript;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which way of using the cores finishes a kind of call soonest, learnt from the calls themselves.
 *
 * <p>OpenMP's threads spin at their barriers. As soon as another process wants a core they wait for
 * each other, and a step on two cores takes ten times what it takes on one. Small operators gain
 * nothing from a second core, where two halves of a batch do, if there are two halves.
 */
final class ParallelismChoice {

  /*
   * Each option is as fast as the median of its last calls, or of its last trial, which one disturbed
   * call does not move. The first call of a trial does not count, as other cores have to wake up. A
   * trial that changes nothing is made again after twice as many calls, or as soon as the option in
   * use has become clearly slower. Calls that failed have no duration.
   */

  private static final int FIRST_INTERVAL = 16;
  private static final int LONGEST_INTERVAL = 1024;
  private static final int REMEMBERED = 5;
  private static final int TRIAL = 4;
  private static final double CLEARLY = 1.5;

  private final List<Rival> rivals;
  private final Durations durations = new Durations(REMEMBERED); // of the option in use
  private Parallelism inUse;
  private long accepted = Long.MAX_VALUE; // what the option in use took at the last trial
  private long calls;
  private @Nullable Rival onTrial;
  private int trialCalls; // left of the current trial

  /** An option that is not in use. */
  private static final class Rival {

    private Parallelism option;
    private long nanos = Long.MAX_VALUE; // of its last trial, or of when it was in use
    private final Durations trial = new Durations(TRIAL - 1);
    private int interval = FIRST_INTERVAL;
    private long due = FIRST_INTERVAL; // the number of the call that begins the next trial

    Rival(Parallelism option) {
      this.option = option;
    }
  }

  /** The last durations of some calls. */
  private static final class Durations {

    private final long[] nanos;
    private int known;
    private int oldest;

    Durations(int remembered) {
      nanos = new long[remembered];
    }

    void add(long duration) {
      nanos[oldest] = duration;
      oldest = (oldest + 1) % nanos.length;
      known = Math.min(known + 1, nanos.length);
    }

    void clear() {
      known = 0;
      oldest = 0;
    }

    /** Their median; the largest number if there are less than three. */
    long typical() {
      if (known < TRIAL - 1) {
        return Long.MAX_VALUE;
      }
      long[] sorted = Arrays.copyOf(nanos, known);
      Arrays.sort(sorted);
      return sorted[known / 2];
    }
  }

  /**
   * A choice that knows nothing yet.
   *
   * @param options at least one; the first is used until another proves faster
   */
  ParallelismChoice(List<Parallelism> options) {
    this.inUse = options.getFirst();
    this.rivals = options.stream().skip(1).map(Rival::new).toList();
  }

  /** How the next call uses the cores. */
  Parallelism next() {
    if (onTrial != null && trialCalls == 0) {
      finish(onTrial);
      onTrial = null;
    }
    faster().ifPresent(this::use);
    calls++;
    if (onTrial == null) {
      reconsiderIfSlower();
      onTrial = rivals.stream().filter(rival -> rival.due < calls).findFirst().orElse(null);
      trialCalls = TRIAL;
    }
    if (onTrial == null) {
      return inUse;
    }
    trialCalls--;
    return onTrial.option;
  }

  /** What a call took. */
  void took(Parallelism option, long nanos) {
    if (option == inUse) {
      durations.add(nanos);
    } else if (onTrial != null && option == onTrial.option && trialCalls < TRIAL - 1) {
      onTrial.trial.add(nanos);
    }
  }

  private void finish(Rival rival) {
    rival.nanos = rival.trial.typical();
    rival.trial.clear();
    rival.interval = Math.min(LONGEST_INTERVAL, 2 * rival.interval);
    rival.due = calls + rival.interval;
    accepted = durations.typical();
  }

  private void reconsiderIfSlower() {
    long typical = durations.typical();
    if (typical != Long.MAX_VALUE && typical / CLEARLY > accepted) {
      accepted = typical;
      for (Rival rival : rivals) {
        rival.interval = FIRST_INTERVAL;
        rival.due = calls - 1;
      }
    }
  }

  /* The fastest option that is faster than the one in use. */
  private Optional<Rival> faster() {
    return rivals.stream()
        .min((a, b) -> Long.compare(a.nanos, b.nanos))
        .filter(rival -> durations.known >= TRIAL - 1 && rival.nanos < durations.typical());
  }

  private void use(Rival faster) {
    Parallelism option = faster.option;
    faster.option = inUse;
    faster.nanos = durations.typical();
    inUse = option;
    durations.clear();
    accepted = Long.MAX_VALUE;
    onTrial = null;
    for (Rival rival : rivals) {
      rival.trial.clear();
      rival.interval = FIRST_INTERVAL;
      rival.due = calls + FIRST_INTERVAL;
    }
  }
}
