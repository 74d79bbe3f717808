package dev.diptych.bench.soak;

import dev.diptych.bench.Machine;
import dev.diptych.bench.MarkedSection;
import dev.diptych.bench.ServiceOptions;
import dev.diptych.bench.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Loads the service for some minutes and watches its memory. {@code bench/run --soak} starts it.
 */
final class SoakBench {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private SoakBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SoakOptions options;
    try {
      options = SoakOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    ServiceOptions service = options.service();
    Map<String, String> machine = Machine.describe(service.commit());
    RequestTally tally = new RequestTally();
    ResidentCurve memory;
    try (ServiceProcess process =
        ServiceProcess.start(
            service.jar(), service.settings(), service.jar().resolveSibling("soak.log"))) {
      memory = new ResidentCurve(options.duration(), load(process, options.duration(), tally));
    }
    SoakReport report =
        new SoakReport(
            Instant.now(), machine, memory, tally.sent(), tally.errors(), tally.firstErrors());
    System.out.println("\n" + report.markdown());
    Path folder = Files.createDirectories(service.results());
    Files.writeString(folder.resolve("soak.json"), report.json());
    if (service.document() != null) {
      MarkedSection.replace(service.document(), "soak", report.markdown());
    }
    if (!report.passed()) {
      System.exit(1);
    }
  }

  /** Lets the load run and reads the memory at every interval, under load to the last. */
  private static List<ResidentCurve.Sample> load(
      ServiceProcess process, Duration duration, RequestTally tally)
      throws IOException, InterruptedException {
    List<ResidentCurve.Sample> samples = new ArrayList<>();
    long start = System.nanoTime();
    try (MixedLoad load = MixedLoad.start(process.address(), tally)) {
      for (Duration next = INTERVAL; next.compareTo(duration) <= 0; next = next.plus(INTERVAL)) {
        Thread.sleep(next.minusNanos(System.nanoTime() - start));
        if (load.hasGivenUp()) {
          throw new IOException("Too many errors, such as " + tally.firstErrors());
        }
        Duration at = Duration.ofNanos(System.nanoTime() - start);
        samples.add(new ResidentCurve.Sample(at, process.memory().resident()));
        System.out.printf(
            "%d s: %d MiB, %d requests, %d errors%n",
            at.toSeconds(),
            samples.getLast().bytes() >> 20,
            tally.sent().values().stream().mapToLong(Long::longValue).sum(),
            tally.errors());
      }
    }
    return samples;
  }
}
