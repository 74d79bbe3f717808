package dev.diptych.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a run found.
 *
 * @param machine what it ran on, by label
 * @param rounds counted rounds
 * @param contestants remarks by name; the first is the service that the others are compared with
 * @param absent peers that did not take part
 * @param failures what went wrong on the way
 * @param figures in the order of the workloads
 */
record Results(
    Instant date,
    Map<String, String> machine,
    int rounds,
    Map<String, String> contestants,
    List<Absent> absent,
    List<String> failures,
    List<Figure> figures) {

  Results {
    absent = List.copyOf(absent);
    failures = List.copyOf(failures);
    figures = List.copyOf(figures);
  }

  String service() {
    return contestants.keySet().iterator().next();
  }

  List<Workload> workloads() {
    return figures.stream().map(Figure::workload).distinct().toList();
  }

  /** A contestant's figure by which the workload is compared. */
  Optional<Figure> headline(Workload workload, String contestant) {
    return figures.stream()
        .filter(figure -> figure.workload().equals(workload))
        .filter(figure -> figure.contestant().equals(contestant))
        .filter(figure -> figure.measure() == workload.headline())
        .findFirst();
  }

  /** Collects rounds while they run. */
  static final class Collector {

    private record Key(Workload workload, String contestant) {}

    private final Map<Key, Map<Measure, List<Double>>> values = new LinkedHashMap<>();

    void add(Workload workload, String contestant, Map<Measure, Double> round) {
      Map<Measure, List<Double>> measures =
          values.computeIfAbsent(new Key(workload, contestant), _ -> new EnumMap<>(Measure.class));
      round.forEach(
          (measure, value) -> measures.computeIfAbsent(measure, _ -> new ArrayList<>()).add(value));
    }

    List<Figure> figures() {
      List<Figure> figures = new ArrayList<>();
      values.forEach(
          (key, measures) ->
              measures.forEach(
                  (measure, rounds) ->
                      figures.add(new Figure(key.workload(), key.contestant(), measure, rounds))));
      return figures;
    }
  }
}
