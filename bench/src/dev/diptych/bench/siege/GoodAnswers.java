package dev.diptych.bench.siege;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What well-behaved clients got.
 *
 * @param answered by kind
 * @param refused with 429, and asked again later
 * @param errors anything else
 * @param firstErrors some of them
 */
record GoodAnswers(
    Map<GoodKind, Integer> answered, int refused, int errors, List<String> firstErrors) {

  GoodAnswers {
    Map<GoodKind, Integer> all = new EnumMap<>(GoodKind.class);
    for (GoodKind kind : GoodKind.values()) {
      all.put(kind, answered.getOrDefault(kind, 0));
    }
    answered = all;
    firstErrors = List.copyOf(firstErrors);
  }

  /** What came after an earlier state of the same clients. */
  GoodAnswers since(GoodAnswers earlier) {
    Map<GoodKind, Integer> later = new EnumMap<>(GoodKind.class);
    answered.forEach(
        (kind, count) -> later.put(kind, count - earlier.answered.getOrDefault(kind, 0)));
    return new GoodAnswers(
        later,
        refused - earlier.refused,
        errors - earlier.errors,
        firstErrors.subList(earlier.firstErrors.size(), firstErrors.size()));
  }

  /** Answers in a second, by kind. */
  Map<GoodKind, Double> rates(Duration duration) {
    Map<GoodKind, Double> rates = new EnumMap<>(GoodKind.class);
    answered.forEach((kind, count) -> rates.put(kind, count / (duration.toNanos() / 1e9)));
    return rates;
  }
}
