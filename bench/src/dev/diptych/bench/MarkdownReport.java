package dev.diptych.bench;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results as Markdown: ratios first, then every figure with its spread. */
final class MarkdownReport {

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    MarkdownReport report = new MarkdownReport(results);
    report.conditions();
    report.ratios();
    report.figures();
    return report.text.toString();
  }

  private void conditions() {
    line(
        "Run of %s, %d rounds. %s."
            .formatted(
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .format(results.date()),
                results.rounds(),
                results.machine().entrySet().stream()
                    .map(fact -> fact.getKey() + ": " + fact.getValue())
                    .collect(Collectors.joining("; "))));
    line("");
    results.contestants().forEach((name, remark) -> line("- **%s**: %s".formatted(name, remark)));
    results
        .absent()
        .forEach(
            absent -> line("- **%s** is absent: %s".formatted(absent.name(), absent.reason())));
    results.failures().forEach(failure -> line("- Failed: " + failure));
    line("");
  }

  /* One column for the service's figure, one ratio column for each other contestant. */
  private void ratios() {
    List<String> others =
        results.contestants().keySet().stream()
            .skip(1)
            .filter(name -> results.figures().stream().anyMatch(it -> it.contestant().equals(name)))
            .toList();
    line("How many times better %s is (medians; below 1 it is worse)".formatted(service()));
    line("");
    line(
        "| work | measure | %s |%s"
            .formatted(
                service(),
                others.stream().map(name -> " ÷ " + name + " |").collect(Collectors.joining())));
    line("|---|---|--:|" + "--:|".repeat(others.size()));
    for (Workload workload : results.workloads()) {
      results
          .headline(workload, service())
          .ifPresent(
              ours ->
                  line(
                      "| %s | %s, %s | %s |%s"
                          .formatted(
                              workload.title(),
                              ours.measure().label(),
                              ours.measure().unit(),
                              number(ours.median()),
                              others.stream()
                                  .map(other -> results.headline(workload, other))
                                  .map(theirs -> ratio(ours, theirs))
                                  .collect(Collectors.joining()))));
    }
    line("");
  }

  private void figures() {
    line("All figures");
    line("");
    line("| work | measure | contestant | median | lowest | highest |");
    line("|---|---|---|--:|--:|--:|");
    List<String> names = List.copyOf(results.contestants().keySet());
    for (Workload workload : results.workloads()) {
      results.figures().stream()
          .filter(figure -> figure.workload().equals(workload))
          .sorted(
              Comparator.comparing((Figure figure) -> figure.measure() != workload.headline())
                  .thenComparing(Figure::measure)
                  .thenComparingInt(figure -> names.indexOf(figure.contestant())))
          .forEach(this::figure);
    }
  }

  private void figure(Figure figure) {
    line(
        "| %s | %s, %s | %s | %s | %s | %s |"
            .formatted(
                figure.workload().title(),
                figure.measure().label(),
                figure.measure().unit(),
                figure.contestant(),
                number(figure.median()),
                number(figure.least()),
                number(figure.greatest())));
  }

  private static String ratio(Figure ours, Optional<Figure> theirs) {
    return theirs
        .map(
            figure ->
                " %s |"
                    .formatted(
                        String.format(
                            Locale.ROOT,
                            "%.2f",
                            ours.measure().ratio(ours.median(), figure.median()))))
        .orElse(" |");
  }

  /** Three significant digits, and all digits of larger numbers. */
  static String number(double value) {
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private String service() {
    return results.service();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
