package dev.diptych.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The headline figures as an SVG bar chart; bars are long where a figure is good. */
final class BarChart {

  private static final int LABEL = 250;
  private static final int BAR = 420;
  private static final int WIDTH = LABEL + BAR + 140;
  private static final int ROW = 16;
  private static final List<String> COLOURS =
      List.of("#2f6f8f", "#7fb0c7", "#c98b3c", "#e0b878", "#8a7ca8", "#b9aed0", "#7a9a6a");

  private BarChart() {}

  /** A chart of the workloads that have more than one contestant. */
  static String of(Results results) {
    List<String> names = List.copyOf(results.contestants().keySet());
    StringBuilder body = new StringBuilder();
    int y = 8;
    for (int i = 0; i < names.size(); i++) {
      body.append(rectangle(8, y, 10, COLOURS.get(i % COLOURS.size())))
          .append(text(24, y + 10, "start", names.get(i)));
      y += ROW;
    }
    for (Workload workload : results.workloads()) {
      List<Figure> figures =
          names.stream()
              .map(name -> results.headline(workload, name))
              .flatMap(Optional::stream)
              .toList();
      if (figures.size() > 1) {
        y += ROW;
        body.append(text(LABEL - 8, y + 11, "end", workload.title()));
        y = bars(body, y, figures, names);
      }
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        %s</svg>
        """
        .formatted(WIDTH, y + ROW, body);
  }

  /* Every workload has its own scale, whose end is its best figure. */
  private static int bars(StringBuilder body, int top, List<Figure> figures, List<String> names) {
    int y = top;
    List<Double> goodness = new ArrayList<>();
    for (Figure figure : figures) {
      goodness.add(figure.measure().ratio(figure.median(), 1));
    }
    double best = goodness.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    for (int i = 0; i < figures.size(); i++) {
      Figure figure = figures.get(i);
      int width = Math.max(1, (int) Math.round(goodness.get(i) / best * BAR));
      String colour = COLOURS.get(names.indexOf(figure.contestant()) % COLOURS.size());
      body.append(rectangle(LABEL, y, width, colour))
          .append(
              text(
                  LABEL + width + 6,
                  y + 11,
                  "start",
                  MarkdownReport.number(figure.median()) + " " + figure.measure().unit()));
      y += ROW;
    }
    return y;
  }

  private static String rectangle(int x, int y, int width, String colour) {
    return String.format(
        Locale.ROOT,
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"12\" fill=\"%s\"/>%n",
        x,
        y,
        width,
        colour);
  }

  private static String text(int x, int y, String anchor, String content) {
    String escaped = content.replace("&", "&amp;").replace("<", "&lt;");
    return String.format(
        Locale.ROOT,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
        x,
        y,
        anchor,
        escaped);
  }
}
