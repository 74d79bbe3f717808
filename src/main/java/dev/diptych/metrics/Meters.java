package dev.diptych.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/** Makes the meters of the service in one registry. */
record Meters(MeterRegistry registry) {

  private static final double NANOSECONDS = 1e9;

  /** A histogram of times, in seconds. */
  Timer timer(String name, String help, String... tags) {
    return Timer.builder(name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(
            Arrays.stream(Buckets.SECONDS)
                .mapToObj(seconds -> Duration.ofNanos((long) (seconds * NANOSECONDS)))
                .toArray(Duration[]::new))
        .register(registry);
  }

  /** A histogram of numbers. */
  DistributionSummary numbers(String name, String help, double[] buckets, String... tags) {
    return DistributionSummary.builder(name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  /** A histogram of times in seconds whose name does not say so. */
  DistributionSummary seconds(String name, String help, String... tags) {
    return numbers(name, help, Buckets.SECONDS_OF_PEERS, tags);
  }

  Counter counter(String name, String help, String... tags) {
    return Counter.builder(name).description(help).tags(tags).register(registry);
  }

  /** A number that is asked for when somebody looks. */
  void gauge(String name, String help, Supplier<Number> number, String... tags) {
    Gauge.builder(name, number).description(help).tags(tags).register(registry);
  }
}
