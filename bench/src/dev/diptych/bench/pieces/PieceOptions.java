package dev.diptych.bench.pieces;

import dev.diptych.bench.CommandLine;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces a run shall measure, and how.
 *
 * @param only pieces whose title contains it
 * @param settings of the service, such as {@code --diptych.models.store=/models}
 * @param document whose marked section gets the results
 * @param commit of the service
 */
record PieceOptions(Pattern only, List<String> settings, @Nullable Path document, String commit) {

  static PieceOptions parse(List<String> arguments) {
    Pattern only = Pattern.compile("");
    List<String> settings = List.of();
    Path document = null;
    String commit = "unknown";
    CommandLine line = new CommandLine(arguments);
    while (line.hasNext()) {
      String option = line.next();
      switch (option) {
        case "--pieces", "--quality" -> {}
        case "--document" -> document = Path.of(line.valueOf(option));
        case "--commit" -> commit = line.valueOf(option);
        case "--" -> settings = line.rest();
        default -> {
          if (option.startsWith("-")) {
            throw new IllegalArgumentException("Unknown option " + option);
          }
          only = Pattern.compile(option);
        }
      }
    }
    return new PieceOptions(only, settings, document, commit);
  }
}
