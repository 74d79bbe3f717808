package dev.diptych.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters under a peer's name. They have no {@code _total} at the end, which the library puts
 * behind the name of whatever it knows to be a counter; so it is not told.
 */
final class PeerCounters {

  private final PrometheusRegistry registry;

  PeerCounters(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /** A counter with one label. */
  Labelled labelled(String name, String help, String label, String... values) {
    Labelled counter = new Labelled(name, help, label);
    for (String value : values) {
      counter.add(value, 0);
    }
    registry.register(counter);
    return counter;
  }

  /** A counter without labels. */
  Plain plain(String name, String help) {
    Plain counter = new Plain(name, help);
    registry.register(counter);
    return counter;
  }

  /** A number for each value of a label. */
  static final class Labelled implements Collector {

    private final String name;
    private final String help;
    private final String label;
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    private Labelled(String name, String help, String label) {
      this.name = name;
      this.help = help;
      this.label = label;
    }

    /** Counts under one of few values. */
    void add(String value, long more) {
      counts.computeIfAbsent(value, _ -> new LongAdder()).add(more);
    }

    @Override
    public MetricSnapshot collect() {
      UnknownSnapshot.Builder snapshot = UnknownSnapshot.builder().name(name).help(help);
      counts.forEach(
          (value, count) ->
              snapshot.dataPoint(
                  UnknownSnapshot.UnknownDataPointSnapshot.builder()
                      .labels(Labels.of(label, value))
                      .value((double) count.sum())
                      .build()));
      return snapshot.build();
    }
  }

  /** A number. */
  static final class Plain implements Collector {

    private final String name;
    private final String help;
    private final LongAdder count = new LongAdder();

    private Plain(String name, String help) {
      this.name = name;
      this.help = help;
    }

    void add(long more) {
      count.add(more);
    }

    @Override
    public MetricSnapshot collect() {
      return UnknownSnapshot.builder()
          .name(name)
          .help(help)
          .dataPoint(
              UnknownSnapshot.UnknownDataPointSnapshot.builder()
                  .value((double) count.sum())
                  .build())
          .build();
    }
  }
}
