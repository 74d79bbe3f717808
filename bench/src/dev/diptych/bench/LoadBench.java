package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the service and its peers on the same work and writes {@code bench/results}. {@code
 * bench/run} starts it.
 */
final class LoadBench {

  /* A round takes one workload after the other, and in each of them every contestant once; which
   * one begins changes from round to round. Round 0 warms up and is not counted; it repeats some
   * workloads for a few seconds. */

  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private final Options options;
  private final Contestants contestants;
  private final Results.Collector collector = new Results.Collector();
  private final List<String> failures = new ArrayList<>();

  private LoadBench(Options options, Contestants contestants) {
    this.options = options;
    this.contestants = contestants;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    Map<String, String> machine = Machine.describe(options.commit());
    try (Contestants contestants = Contestants.start(options)) {
      LoadBench bench = new LoadBench(options, contestants);
      for (int round = 0; round <= options.rounds(); round++) {
        bench.round(round);
      }
      bench.write(machine);
    }
  }

  private void round(int round) throws InterruptedException {
    List<Contestant> present = contestants.present();
    for (Workload workload : options.quick() ? Workloads.quick() : Workloads.full()) {
      if (!options.only().matcher(workload.title()).find()) {
        continue;
      }
      for (int i = 0; i < present.size(); i++) {
        Contestant contestant = present.get((i + round) % present.size());
        if (contestant.takes(workload)) {
          boolean repeated = round == 0 && !options.quick() && workload.warmsUpSlowly();
          long end = System.nanoTime() + (repeated ? WARM_UP.toNanos() : 0);
          boolean done = measure(workload, contestant, round);
          while (done && System.nanoTime() < end) {
            done = measure(workload, contestant, round);
          }
        }
      }
    }
  }

  /* Whether it could be done. */
  private boolean measure(Workload workload, Contestant contestant, int round)
      throws InterruptedException {
    String what = "round %d, %s, %s".formatted(round, workload.title(), contestant.name());
    try {
      Map<Measure, Double> measures = contestant.run(workload, new Texts(seed(workload, round)));
      if (round > 0) {
        collector.add(workload, contestant.name(), measures);
      }
      Double headline = measures.get(workload.headline());
      System.out.printf(
          Locale.ROOT,
          "%s: %s %s%n",
          what,
          headline == null ? "nothing" : MarkdownReport.number(headline),
          workload.headline().unit());
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      failures.add(what + ": " + e);
      System.err.println(failures.getLast());
      return false;
    }
  }

  private void write(Map<String, String> machine) throws IOException {
    Map<String, String> remarks = new LinkedHashMap<>();
    for (Contestant contestant : contestants.present()) {
      String closing = contestant.closingRemark();
      remarks.put(
          contestant.name(), contestant.remark() + (closing.isEmpty() ? "" : "; " + closing));
    }
    Results results =
        new Results(
            Instant.now(),
            machine,
            options.rounds(),
            remarks,
            contestants.absent(),
            failures,
            collector.figures());
    String markdown = MarkdownReport.of(results);
    Path folder = Files.createDirectories(options.results());
    Files.writeString(folder.resolve("results.md"), markdown);
    Files.writeString(folder.resolve("results.json"), JsonReport.of(results));
    Files.writeString(folder.resolve("results.svg"), BarChart.of(results));
    if (options.document() != null) {
      MarkedSection.replace(options.document(), "results", markdown);
    }
    System.out.println("\n" + markdown);
  }

  /* The same texts for every contestant of a round, other ones in the next. */
  private static long seed(Workload workload, int round) {
    return 31L * workload.title().hashCode() + round;
  }
}
