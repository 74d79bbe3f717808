package dev.diptych.bench.heads;

import dev.diptych.bench.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The rates of all rounds. */
final class HeadsReport {

  private final Instant date;
  private final Map<String, String> machine;
  private final int clients;
  private final List<Map<HeadTask, Double>> rounds = new ArrayList<>();

  HeadsReport(Instant date, Map<String, String> machine, int clients) {
    this.date = date;
    this.machine = machine;
    this.clients = clients;
  }

  void add(Map<HeadTask, Double> rates) {
    rounds.add(Map.copyOf(rates));
  }

  String json() {
    return JsonMapper.shared()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(Map.of("date", date, "machine", machine, "rounds", rounds))
        + "\n";
  }

  /** Medians of the rounds, and those of each round's rates over that of its vectors. */
  String markdown() {
    return """
    %s

    %d clients, each with requests of %d texts of %d tokens one after another; medians of %d rounds, in which the tasks take turns.

    | task | endpoint | texts/s | beside vectors |
    |---|---|--:|--:|
    %s
    """
        .formatted(
            Machine.sentence(date, machine),
            clients,
            HeadTask.TEXTS,
            HeadTask.TOKENS,
            rounds.size(),
            Arrays.stream(HeadTask.values()).map(this::row).collect(Collectors.joining("\n")));
  }

  private String row(HeadTask task) {
    double rate = median(rounds.stream().mapToDouble(round -> rate(round, task)).toArray());
    double ratio =
        median(
            rounds.stream()
                .mapToDouble(round -> rate(round, task) / rate(round, HeadTask.EMBED))
                .toArray());
    return "| %s | `%s` | %.0f | %.2f |".formatted(task.title(), task.path(), rate, ratio);
  }

  private static double rate(Map<HeadTask, Double> round, HeadTask task) {
    return round.getOrDefault(task, 0.0);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
