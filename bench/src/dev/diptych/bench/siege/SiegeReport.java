package dev.diptych.bench.siege;

import dev.diptych.bench.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that a siege found.
 *
 * @param machine what it ran on, by label
 * @param attacked for so long
 * @param alone rates of the well-behaved clients before the attacks
 * @param beside their rates meanwhile
 * @param good what they got meanwhile
 * @param before resident bytes when the attacks began
 * @param largest resident bytes meanwhile
 * @param after resident bytes when they were long over
 * @param death how the process ended, if it did
 */
record SiegeReport(
    Instant date,
    Map<String, String> machine,
    List<HostileKind> kinds,
    Duration attacked,
    HealthAnswers health,
    Map<GoodKind, Double> alone,
    Map<GoodKind, Double> beside,
    GoodAnswers good,
    long before,
    long largest,
    long after,
    @Nullable String death) {

  static final double HEALTH_LIMIT_MILLIS = 200;
  static final double RATE_LIMIT = 0.5;
  static final double MEMORY_LIMIT_PERCENT = 5;

  boolean passed() {
    return failures().isEmpty();
  }

  /** The marks that were missed. */
  List<String> failures() {
    List<String> failures = new ArrayList<>();
    if (death != null) {
      failures.add("the process ended: " + death);
    }
    if (health.within(0.99) > HEALTH_LIMIT_MILLIS) {
      failures.add("/health took %.0f ms at the 99th percentile".formatted(health.within(0.99)));
    }
    for (GoodKind kind : GoodKind.values()) {
      if (kept(kind) < RATE_LIMIT) {
        failures.add("%s: %.2f of the rate".formatted(kind.label(), kept(kind)));
      }
    }
    if (good.errors() > 0) {
      failures.add("%d errors for well-behaved clients".formatted(good.errors()));
    }
    if (death == null && growth() > MEMORY_LIMIT_PERCENT) {
      failures.add("memory grew by %.1f %%".formatted(growth()));
    }
    return failures;
  }

  /** The part of its rate that a kind kept. */
  double kept(GoodKind kind) {
    return beside.getOrDefault(kind, 0.0) / Math.max(alone.getOrDefault(kind, 0.0), 1e-9);
  }

  /** By how many percent memory was above its state before. */
  double growth() {
    return 100.0 * (after - before) / before;
  }

  String json() {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  String markdown() {
    return """
    %s

    %d minutes of %d hostile clients, %s: %s.%s

    | measure | | mark |
    |---|--:|--:|
    | the process | %s | lives |
    | `/health`, %d answers: 50th, 99th percentile, slowest | %.0f, %.0f, %.0f ms | 99th ≤ %.0f ms |
    | `/health` not 200 | %d | |
    %s
    | well-behaved requests: 429, other errors | %d, %d | errors 0 |
    | resident memory before, largest, after | %d, %d, %d MiB | after ≤ +%.0f %% |

    Attacks beside slow answers of `/health`: %s.
    """
        .formatted(
            Machine.sentence(date, machine),
            attacked.toMinutes(),
            HostileClients.CLIENTS,
            kinds.size() == HostileKind.values().length
                ? "all kinds"
                : kinds.stream().map(HostileKind::option).collect(Collectors.joining(", ")),
            passed() ? "passed" : "**failed**",
            failures().stream().map(it -> "\n- " + it).collect(Collectors.joining()),
            death == null ? "lives" : death,
            health.millis().size(),
            health.within(0.5),
            health.within(0.99),
            health.within(1),
            HEALTH_LIMIT_MILLIS,
            health.failures(),
            alone.keySet().stream().sorted().map(this::row).collect(Collectors.joining("\n")),
            good.refused(),
            good.errors(),
            before >> 20,
            largest >> 20,
            after >> 20,
            MEMORY_LIMIT_PERCENT,
            slowBeside());
  }

  private String row(GoodKind kind) {
    return String.format(
        Locale.ROOT,
        "| %s: alone, beside | %.1f, %.1f /s | ≥ %.1f |",
        kind.label(),
        alone.getOrDefault(kind, 0.0),
        beside.getOrDefault(kind, 0.0),
        RATE_LIMIT * alone.getOrDefault(kind, 0.0));
  }

  private String slowBeside() {
    if (health.slowBeside().isEmpty()) {
      return "none";
    }
    return health.slowBeside().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(it -> it.getKey().option() + " " + it.getValue())
        .collect(Collectors.joining(", "));
  }
}
