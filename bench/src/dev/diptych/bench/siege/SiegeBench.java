package dev.diptych.bench.siege;

import dev.diptych.bench.Machine;
import dev.diptych.bench.MarkedSection;
import dev.diptych.bench.ServiceOptions;
import dev.diptych.bench.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Besieges the service. {@code bench/run --siege} starts it. */
final class SiegeBench {

  private SiegeBench() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SiegeOptions options;
    try {
      options = SiegeOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    ServiceOptions service = options.service();
    Map<String, String> machine = Machine.describe(service.commit());
    SiegeReport report;
    try (ServiceProcess process =
        ServiceProcess.start(
            service.jar(), service.settings(), service.jar().resolveSibling("siege.log"))) {
      report = new Siege(process, options.kinds(), options.duration()).run(machine);
    }
    System.out.println("\n" + report.markdown());
    Path folder = Files.createDirectories(service.results());
    Files.writeString(folder.resolve("siege.json"), report.json());
    if (service.document() != null) {
      MarkedSection.replace(service.document(), "siege", report.markdown());
    }
    System.exit(report.passed() ? 0 : 1);
  }
}
