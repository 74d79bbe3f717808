package dev.diptych.bench.decisions;

import dev.diptych.bench.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Everything that was found about deciding. */
final class DecisionsReport {

  private final String machine;
  private final Map<String, Map<String, Tally>> sides = new LinkedHashMap<>();
  private final List<String> fives = new ArrayList<>();

  DecisionsReport(Instant date, Map<String, String> machine) {
    this.machine = Machine.sentence(date, machine);
  }

  Tally tally(String side, String kind) {
    return sides
        .computeIfAbsent(side, _ -> new LinkedHashMap<>())
        .computeIfAbsent(kind, _ -> new Tally());
  }

  void add(FiveQuestions.Result result) {
    fives.add(
        "| %s | %.0f | %.0f | %.2f | %d | %d |"
            .formatted(
                result.model(),
                result.together(),
                result.apart(),
                result.apart() / result.together(),
                result.tokens(),
                result.cached()));
  }

  /** What each side knows, by kinds of questions. */
  String answers() {
    return """
    %s

    | who answers | kind | items | right | Brier score | time, median |
    |---|---|--:|--:|--:|--:|
    %s
    """
        .formatted(
            machine,
            sides.entrySet().stream()
                .flatMap(
                    side ->
                        side.getValue().entrySet().stream()
                            .map(kind -> row(side.getKey(), kind.getKey(), kind.getValue())))
                .collect(Collectors.joining("\n")));
  }

  private static String row(String side, String kind, Tally tally) {
    return "| %s | %s | %d | %.0f %% | %.2f | %.0f ms |"
        .formatted(
            side,
            kind,
            tally.count(),
            100 * tally.accuracy(),
            tally.brier(),
            tally.medianMilliseconds());
  }

  /** What five questions cost. */
  String times() {
    return """
    %s

    | model | five questions at once, ms | one by one, ms | ratio | tokens at once | of them not computed again |
    |---|--:|--:|--:|--:|--:|
    %s
    """
        .formatted(machine, String.join("\n", fives));
  }
}
