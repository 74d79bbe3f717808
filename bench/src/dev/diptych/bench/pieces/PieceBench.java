package dev.diptych.bench.pieces;

import dev.diptych.bench.Machine;
import dev.diptych.bench.MarkedSection;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures the pieces one after the other and prints a table. {@code bench/run} starts it. */
final class PieceBench {

  private static final int WARM_UPS = 3;
  private static final TimeValue WARM_UP = TimeValue.seconds(1);
  private static final int MEASUREMENTS = 5;
  private static final TimeValue MEASUREMENT = TimeValue.seconds(2);

  private PieceBench() {}

  public static void main(String[] arguments) throws IOException {
    PieceOptions options;
    try {
      options = PieceOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "; bench/run --help lists the options");
      System.exit(2);
      return;
    }
    Map<String, String> machine = Machine.describe(options.commit());
    List<PieceFigure> figures = new ArrayList<>();
    boolean failed = false;
    for (Piece piece : Piece.ALL) {
      if (!options.only().matcher(piece.title()).find()) {
        continue;
      }
      try {
        for (RunResult result : new Runner(jmhOptions(piece, options)).run()) {
          figures.add(PieceFigure.of(piece, result));
          System.out.println(figures.getLast().title() + ": " + figures.getLast().time());
        }
      } catch (RunnerException e) {
        failed = true;
        System.err.println(piece.title() + " failed");
        e.printStackTrace();
      }
    }
    String markdown = markdown(options, machine, figures);
    if (!figures.isEmpty()) {
      System.out.println("\n" + markdown);
    }
    if (failed || figures.isEmpty()) {
      System.err.println(failed ? "Not every piece was measured" : "No piece has such a title");
      System.exit(1);
    }
    if (options.document() != null) {
      MarkedSection.replace(options.document(), "pieces", markdown);
    }
  }

  private static Options jmhOptions(Piece piece, PieceOptions options) {
    return new OptionsBuilder()
        .include("^" + piece.benchmarkName().replace(".", "\\.") + "$")
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .threads(1)
        .forks(1)
        .warmupIterations(WARM_UPS)
        .warmupTime(WARM_UP)
        .measurementIterations(MEASUREMENTS)
        .measurementTime(MEASUREMENT)
        .addProfiler(GCProfiler.class)
        .jvmArgsAppend(
            options.settings().stream()
                .map(setting -> setting.replaceFirst("^--", "-D"))
                .toArray(String[]::new))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private static String markdown(
      PieceOptions options, Map<String, String> machine, List<PieceFigure> figures) {
    String settings =
        options.settings().isEmpty() ? "" : " Settings: " + String.join(" ", options.settings());
    return """
    Run of %s, %d × %s per piece. %s.%s

    | piece | time per call | bytes allocated per call |
    |---|--:|--:|
    %s
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            MEASUREMENTS,
            MEASUREMENT,
            machine.entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue())
                .collect(Collectors.joining("; ")),
            settings,
            figures.stream()
                .map(it -> "| %s | %s | %d |".formatted(it.title(), it.time(), it.bytes()))
                .collect(Collectors.joining("\n")));
  }
}
