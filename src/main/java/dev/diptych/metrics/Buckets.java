package dev.diptych.metrics;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The upper bounds of histograms' buckets. */
final class Buckets {

  /** Seconds, from half a millisecond to five minutes. */
  static final double[] SECONDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
  };

  /** Tokens of a request or a batch. */
  static final double[] TOKENS = powersOfTwo(18);

  /** Sequences or texts of a batch. */
  static final double[] SEQUENCES = powersOfTwo(11);

  /** Seconds as both peers have them: a geometric series from 15 microseconds to 15 seconds. */
  static final double[] SECONDS_OF_PEERS =
      DoubleStream.iterate(0.000015, bound -> bound * 1.5).limit(35).toArray();

  private Buckets() {}

  private static double[] powersOfTwo(int count) {
    return IntStream.range(0, count).mapToDouble(power -> 1L << power).toArray();
  }
}
