package dev.diptych.bench.decisions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A question about a text with its right answer.
 *
 * @param kind noul, choice or score
 * @param question as {@code /v1/systemone} takes it
 * @param answer true or false, the name of an option, or the number of a level
 */
record LabelledItem(String kind, String state, JsonNode question, JsonNode answer) {

  private static final JsonMapper JSON = JsonMapper.shared();

  static List<LabelledItem> read(Path file) throws IOException {
    return JSON.readTree(Files.readString(file))
        .valueStream()
        .map(
            item ->
                new LabelledItem(
                    item.get("kind").stringValue(),
                    item.get("state").stringValue(),
                    item.get("question"),
                    item.get("answer")))
        .toList();
  }

  Map<String, Object> body(String encoder) {
    return Map.of("state", state, "questions", Map.of("q", question), "encoder", encoder);
  }

  /** How an answer of {@code /compare} did. */
  Judgement judge(JsonNode given) {
    if (kind.equals("noul")) {
      double yes = given.get("noul").doubleValue();
      double right = answer.booleanValue() ? yes : 1 - yes;
      return new Judgement(right >= 0.5, 2 * (1 - right) * (1 - right));
    }
    double brier = 0;
    String best = "";
    double most = -1;
    for (Map.Entry<String, JsonNode> one : given.get("probabilities").properties()) {
      double probability = one.getValue().doubleValue();
      double wanted = one.getKey().equals(answer.asString()) ? 1 : 0;
      brier += (probability - wanted) * (probability - wanted);
      if (probability > most) {
        most = probability;
        best = one.getKey();
      }
    }
    return new Judgement(best.equals(answer.asString()), brier);
  }

  /**
   * @param brier the sum over all answers of the squared distance of their probabilities from 1 for
   *     the right one and 0 for the others: 0 at best, 2 at worst
   */
  record Judgement(boolean right, double brier) {}
}
