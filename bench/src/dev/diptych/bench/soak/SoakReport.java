package dev.diptych.bench.soak;

import dev.diptych.bench.Machine;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that a soak found.
 *
 * @param machine what it ran on, by label
 * @param memory of the service
 * @param requests that were answered, by kind
 * @param errors answers that were not what they must be
 * @param firstErrors some of them
 */
record SoakReport(
    Instant date,
    Map<String, String> machine,
    ResidentCurve memory,
    Map<RequestKind, Long> requests,
    long errors,
    List<String> firstErrors) {

  /** How many percent memory may grow after the warm-up. */
  static final double DRIFT_LIMIT = 3;

  boolean passed() {
    return errors == 0 && memory.drift() <= DRIFT_LIMIT;
  }

  String json() {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  String markdown() {
    return """
    %s

    %d minutes of %d clients: %s.%s

    | resident memory | |
    |---|--:|
    | after the warm-up, at %s | %d MiB |
    | at the end, at %s | %d MiB |
    | largest | %d MiB |
    | drift from the warm-up to the end | %s %% |

    | requests | |
    |---|--:|
    %s
    | errors | %d |
    """
        .formatted(
            Machine.sentence(date, machine),
            memory.duration().toMinutes(),
            MixedLoad.CLIENTS,
            passed() ? "passed" : "**failed**",
            firstErrors.stream().map(it -> "\n- " + it).collect(Collectors.joining()),
            clock(memory.warm()),
            mebibytes(memory.warm().bytes()),
            clock(memory.end()),
            mebibytes(memory.end().bytes()),
            mebibytes(memory.largest()),
            String.format(Locale.ROOT, "%+.1f", memory.drift()),
            requests.entrySet().stream()
                .map(it -> "| %s | %d |".formatted(it.getKey().label(), it.getValue()))
                .collect(Collectors.joining("\n")),
            errors);
  }

  /* Minutes and seconds. */
  private static String clock(ResidentCurve.Sample sample) {
    return "%d:%02d".formatted(sample.at().toMinutes(), sample.at().toSecondsPart());
  }

  private static long mebibytes(long bytes) {
    return Math.round(bytes / (double) (1 << 20));
  }
}
