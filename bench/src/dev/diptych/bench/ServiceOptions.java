package dev.diptych.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
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
    List<String> settings = new ArrayList<>();
    Path results = Path.of("bench/results");
    Path document = null;
    String commit = "unknown";
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--jar" -> jar = Path.of(value(option, rest));
        case "--results" -> results = Path.of(value(option, rest));
        case "--document" -> document = Path.of(value(option, rest));
        case "--commit" -> commit = value(option, rest);
        case "--" -> rest.forEachRemaining(settings::add);
        default -> throw new IllegalArgumentException("Unknown option " + option);
      }
    }
    if (jar == null) {
      throw new IllegalArgumentException("--jar is not given");
    }
    return new ServiceOptions(jar, new ServiceSettings(settings), results, document, commit);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }
}
