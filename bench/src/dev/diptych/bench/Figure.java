package dev.diptych.bench;

import java.util.List;

/**
 * One measured number: a contestant's {@code measure} on a workload.
 *
 * @param rounds its value in each round, in order; at least one
 */
record Figure(Workload workload, String contestant, Measure measure, List<Double> rounds) {

  Figure {
    rounds = List.copyOf(rounds);
  }

  double median() {
    List<Double> sorted = rounds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double least() {
    return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double greatest() {
    return rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
