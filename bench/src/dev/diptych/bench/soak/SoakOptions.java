package dev.diptych.bench.soak;

import dev.diptych.bench.ServiceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a soak lasts, and what it needs.
 *
 * @param duration of the load
 */
record SoakOptions(Duration duration, ServiceOptions service) {

  private static final String SOAK = "--soak";

  /** Reads a command line of {@code bench/run}. */
  static SoakOptions parse(List<String> arguments) {
    int at = arguments.indexOf(SOAK);
    if (at < 0 || at + 1 == arguments.size()) {
      throw new IllegalArgumentException(SOAK + " needs minutes");
    }
    List<String> others = new ArrayList<>(arguments.subList(0, at));
    others.addAll(arguments.subList(at + 2, arguments.size()));
    return new SoakOptions(minutes(arguments.get(at + 1)), ServiceOptions.parse(others));
  }

  private static Duration minutes(String text) {
    try {
      int minutes = Integer.parseInt(text);
      if (minutes > 0) {
        return Duration.ofMinutes(minutes);
      }
    } catch (NumberFormatException _) {
      // no number is answered like a number that is none of minutes
    }
    throw new IllegalArgumentException(SOAK + " needs whole minutes, not " + text);
  }
}
