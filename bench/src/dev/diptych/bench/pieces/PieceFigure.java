package dev.diptych.bench.pieces;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one call of a piece costs.
 *
 * @param title of the piece, with the parameters of the call
 * @param nanos average time
 * @param error half of its 99.9 % confidence interval, in nanoseconds
 * @param bytes allocated on the Java heap by all threads
 */
record PieceFigure(String title, double nanos, double error, long bytes) {

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  static PieceFigure of(Piece piece, RunResult result) {
    Result<?> time = result.getPrimaryResult();
    return new PieceFigure(
        piece.title() + parameters(result.getParams()),
        time.getScore(),
        time.getScoreError(),
        Math.round(requireNonNull(result.getSecondaryResults().get(ALLOCATED)).getScore()));
  }

  private static String parameters(BenchmarkParams parameters) {
    return parameters.getParamsKeys().stream()
        .map(key -> ", %s: %s".formatted(key, parameters.getParam(key)))
        .collect(Collectors.joining());
  }

  /** The time and its error in a unit of their size, three digits of the time. */
  String time() {
    String unit = nanos < 1e3 ? "ns" : nanos < 1e6 ? "µs" : "ms";
    double divisor = nanos < 1e3 ? 1 : nanos < 1e6 ? 1e3 : 1e6;
    double value = nanos / divisor;
    int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    String format = "%." + decimals + "f ± %." + decimals + "f %s";
    return String.format(Locale.ROOT, format, value, error / divisor, unit);
  }
}
