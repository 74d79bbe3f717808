package dev.diptych.bench.siege;

import java.util.List;
import java.util.Map;

/**
 * How {@code /health} answered.
 *
 * @param millis that each answer took; one that was not 200 counts as long as the timeout
 * @param failures answers that were not 200, or did not come
 * @param slowBeside how often an attack was going on when a slow or failed answer was asked for
 */
record HealthAnswers(List<Double> millis, int failures, Map<HostileKind, Integer> slowBeside) {

  HealthAnswers {
    millis = millis.stream().sorted().toList();
    slowBeside = Map.copyOf(slowBeside);
  }

  /** The time within which this share of the answers came, such as 0.99. */
  double within(double share) {
    if (millis.isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    return millis.get((int) Math.ceil(share * millis.size()) - 1);
  }
}
