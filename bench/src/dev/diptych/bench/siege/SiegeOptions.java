package dev.diptych.bench.siege;

import dev.diptych.bench.CommandLine;
import dev.diptych.bench.ServiceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a siege lasts and with what.
 *
 * @param duration of the attacks
 * @param kinds of the attacks
 */
record SiegeOptions(Duration duration, List<HostileKind> kinds, ServiceOptions service) {

  private static final Duration USUAL = Duration.ofMinutes(10);

  SiegeOptions {
    kinds = List.copyOf(kinds);
  }

  /** Reads a command line of {@code bench/run}. */
  static SiegeOptions parse(List<String> arguments) {
    Duration duration = USUAL;
    List<HostileKind> kinds = List.of(HostileKind.values());
    List<String> others = new ArrayList<>();
    CommandLine line = new CommandLine(arguments);
    while (line.hasNext()) {
      String option = line.next();
      switch (option) {
        case "--siege" -> {}
        case "--minutes" -> duration = minutes(line.valueOf(option));
        case "--kinds" -> kinds = HostileKind.parse(line.valueOf(option));
        case "--" -> {
          others.add(option);
          others.addAll(line.rest());
        }
        default -> others.add(option);
      }
    }
    return new SiegeOptions(duration, kinds, ServiceOptions.parse(others));
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
    throw new IllegalArgumentException("--minutes needs whole minutes, not " + text);
  }
}
