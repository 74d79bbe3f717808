package dev.diptych.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs that starts the service and measures nothing beside it.
 *
 * @param jar the packaged service
 * @param settings of the service
 * @param results the folder that gets the reports
 * @param document whose marked section gets the results
 * @param commit of the service
 */
public record ServiceOptions(
    Path jar, ServiceSettings settings, Path results, @Nullable Path document, String commit) {

  /** Reads a command line of {@code bench/run}. */
  public static ServiceOptions parse(List<String> arguments) {
    Path jar = null;
    List<String> settings = List.of();
    Path results = Path.of("bench/results");
    Path document = null;
    String commit = "unknown";
    CommandLine line = new CommandLine(arguments);
    while (line.hasNext()) {
      String option = line.next();
      switch (option) {
        case "--jar" -> jar = Path.of(line.valueOf(option));
        case "--results" -> results = Path.of(line.valueOf(option));
        case "--document" -> document = Path.of(line.valueOf(option));
        case "--commit" -> commit = line.valueOf(option);
        case "--" -> settings = line.rest();
        default -> throw new IllegalArgumentException("Unknown option " + option);
      }
    }
    if (jar == null) {
      throw new IllegalArgumentException("--jar is not given");
    }
    return new ServiceOptions(jar, new ServiceSettings(settings), results, document, commit);
  }
}
