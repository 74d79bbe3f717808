package dev.diptych.bench.memory;

import dev.diptych.bench.Machine;
import dev.diptych.bench.MarkedSection;
import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.ServiceOptions;
import dev.diptych.bench.ServiceProcess;
import dev.diptych.bench.ServiceSettings;
import dev.diptych.model.Role;
import dev.diptych.torchscript.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Starts the service with one model and one precision after the other and reads its memory. {@code
 * bench/run --memory} starts it.
 */
final class MemoryBench {

  /** Roles that have a model unless the settings say otherwise. */
  private static final Set<Role> BY_DEFAULT = Set.of(Role.GENERATE, Role.FILL_MASK, Role.EMBED);

  private final ServiceOptions options;
  private final List<MemoryFigure> figures = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  private MemoryBench(ServiceOptions options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    ServiceOptions options;
    try {
      options =
          ServiceOptions.parse(
              Stream.of(arguments).filter(argument -> !"--memory".equals(argument)).toList());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    Map<String, String> machine = Machine.describe(options.commit());
    MemoryBench bench = new MemoryBench(options);
    for (Role role : Role.values()) {
      for (Precision precision : Precision.values()) {
        bench.measure(role, precision.label());
      }
    }
    bench.write(machine);
  }

  private void measure(Role role, String precision) throws IOException, InterruptedException {
    String what = role.label() + ", " + precision;
    boolean hasModel =
        options
            .settings()
            .model(role.label())
            .map(it -> !it.isEmpty())
            .orElse(BY_DEFAULT.contains(role));
    if (!hasModel) {
      return;
    }
    Path log = options.jar().resolveSibling("memory-%s-%s.log".formatted(role.label(), precision));
    try (ServiceProcess process =
            ServiceProcess.start(options.jar(), settings(role, precision), log);
        ServiceClient client = new ServiceClient(process.address())) {
      JsonNode model = client.read("/info").path("models").path(role.label());
      String name = model.path("model_id").asString();
      var ready = process.memory();
      new FirstRequests(client).send(role);
      var used = process.memory();
      figures.add(
          new MemoryFigure(
              name,
              role.label(),
              model.path("model_dtype").asString(),
              weightBytes(options.settings().store().resolve(name)),
              ready,
              used));
      System.out.printf("%s: %d MiB%n", what, used.resident() >> 20);
    } catch (IOException e) {
      failures.add(what + ": " + e.getMessage());
      System.err.println(failures.getLast());
    }
  }

  private ServiceSettings settings(Role role, String precision) {
    ServiceSettings settings = options.settings().withModel("precision", precision);
    for (Role other : Role.values()) {
      settings = other == role ? settings : settings.withModel(other.label(), "");
    }
    return settings;
  }

  private static long weightBytes(Path folder) throws IOException {
    long bytes = 0;
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(it -> it.toString().endsWith(".safetensors")).toList()) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes;
  }

  private void write(Map<String, String> machine) throws IOException {
    MemoryReport report = new MemoryReport(Instant.now(), machine, figures, failures);
    String markdown = report.markdown();
    System.out.println("\n" + markdown);
    Path folder = Files.createDirectories(options.results());
    Files.writeString(folder.resolve("memory.json"), report.json());
    if (options.document() != null && !figures.isEmpty()) {
      MarkedSection.replace(options.document(), "memory", markdown);
    }
    if (figures.isEmpty()) {
      System.exit(1);
    }
  }
}
