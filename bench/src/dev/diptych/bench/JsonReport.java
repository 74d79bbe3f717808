package dev.diptych.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The results as JSON, with the value of every round. */
final class JsonReport {

  private JsonReport() {}

  static String of(Results results) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("date", results.date().toString());
    root.put("machine", results.machine());
    root.put("rounds", results.rounds());
    root.put("contestants", results.contestants());
    root.put("absent", results.absent());
    root.put("failures", results.failures());
    root.put("figures", results.figures().stream().map(JsonReport::figure).toList());
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static Map<String, Object> figure(Figure figure) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("work", figure.workload().title());
    node.put("contestant", figure.contestant());
    node.put("measure", figure.measure().label());
    node.put("unit", figure.measure().unit());
    node.put("headline", figure.measure() == figure.workload().headline());
    node.put("median", figure.median());
    node.put("lowest", figure.least());
    node.put("highest", figure.greatest());
    node.put("rounds", figure.rounds());
    return node;
  }
}
