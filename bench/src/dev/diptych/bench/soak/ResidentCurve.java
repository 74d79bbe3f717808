package dev.diptych.bench.soak;

import java.time.Duration;
import java.util.List;

/**
 * The resident memory of the service over the time of a soak.
 *
 * @param duration of the load
 * @param samples in the order of time; one at least came after the warm-up
 */
record ResidentCurve(Duration duration, List<Sample> samples) {

  /** The first tenth of the time is warm-up. */
  private static final int WARM_UP = 10;

  /**
   * A reading.
   *
   * @param at since the load began
   * @param bytes resident
   */
  record Sample(Duration at, long bytes) {}

  ResidentCurve {
    samples = List.copyOf(samples);
    Duration warm = duration.dividedBy(WARM_UP);
    if (samples.stream().noneMatch(sample -> isAfter(sample, warm))) {
      throw new IllegalArgumentException("no sample after the warm-up of " + warm);
    }
  }

  /** The first reading after the warm-up. */
  Sample warm() {
    Duration warm = duration.dividedBy(WARM_UP);
    return samples.stream().filter(sample -> isAfter(sample, warm)).findFirst().orElseThrow();
  }

  /** The last reading. */
  Sample end() {
    return samples.getLast();
  }

  /** The largest reading, that of the warm-up not excepted, in bytes. */
  long largest() {
    return samples.stream().mapToLong(Sample::bytes).max().orElseThrow();
  }

  /** By how many percent the end is above the state after the warm-up; negative if below. */
  double drift() {
    long warm = warm().bytes();
    return 100.0 * (end().bytes() - warm) / warm;
  }

  private static boolean isAfter(Sample sample, Duration warm) {
    return sample.at().compareTo(warm) >= 0;
  }
}
