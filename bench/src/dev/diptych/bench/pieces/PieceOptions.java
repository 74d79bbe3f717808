package dev.diptych.bench.pieces;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
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
    List<String> settings = new ArrayList<>();
    Path document = null;
    String commit = "unknown";
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--pieces", "--quality" -> {}
        case "--document" -> document = Path.of(value(option, rest));
        case "--commit" -> commit = value(option, rest);
        case "--" -> rest.forEachRemaining(settings::add);
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

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }
}
