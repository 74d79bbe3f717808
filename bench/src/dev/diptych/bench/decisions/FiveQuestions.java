package dev.diptych.bench.decisions;

import dev.diptych.bench.ServiceClient;
import dev.diptych.bench.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Five questions about a text that is new each time, together and one by one. */
final class FiveQuestions {

  private static final int ROUNDS = 15;
  private static final int WARM_UPS = 5;
  private static final int WORDS = 60;

  private static final Map<String, Object> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put("a", Map.of("type", "noul", "instructions", "Is it about a city?"));
    QUESTIONS.put("b", Map.of("type", "noul", "instructions", "Is it about music?"));
    QUESTIONS.put("c", choice("What is it about?", "people", "places", "things"));
    QUESTIONS.put("d", choice("When does it take place?", "past", "present"));
    QUESTIONS.put(
        "e",
        Map.of(
            "type",
            "score",
            "instructions",
            "How formal is it?",
            "criteria",
            List.of("casual", "neutral", "formal")));
  }

  /**
   * Medians of the rounds.
   *
   * @param together milliseconds of one request with all
   * @param apart milliseconds of five requests with one each, about texts of their own
   * @param tokens that the one request read
   * @param cached how many of them it did not have to compute
   */
  record Result(String model, double together, double apart, long tokens, long cached) {}

  private final ServiceClient client;
  private final Texts texts = new Texts(5);

  FiveQuestions(ServiceClient client) {
    this.client = client;
  }

  Result ask(String model) throws IOException, InterruptedException {
    List<Double> together = new ArrayList<>();
    List<Double> apart = new ArrayList<>();
    JsonNode usage = JsonMapper.shared().createObjectNode();
    for (int round = -WARM_UPS; round < ROUNDS; round++) {
      long start = System.nanoTime();
      usage = send(model, QUESTIONS).get("usage");
      double all = milliseconds(start);
      start = System.nanoTime();
      for (Map.Entry<String, Object> question : QUESTIONS.entrySet()) {
        send(model, Map.of(question.getKey(), question.getValue()));
      }
      if (round >= 0) {
        together.add(all);
        apart.add(milliseconds(start));
      }
    }
    return new Result(
        model,
        median(together),
        median(apart),
        usage.path("input_tokens").asLong(),
        usage.path("x_cached_tokens").asLong());
  }

  private JsonNode send(String model, Map<String, Object> questions)
      throws IOException, InterruptedException {
    Map<String, Object> body =
        Map.of("model", model, "state", texts.words(WORDS) + ".", "questions", questions);
    return JsonMapper.shared().readTree(client.post("/v1/systemone", body).body());
  }

  private static Map<String, Object> choice(String instructions, String... options) {
    Map<String, Object> criteria = new LinkedHashMap<>();
    for (String option : options) {
      criteria.put(option, "");
    }
    return Map.of("type", "choice", "instructions", instructions, "criteria", criteria);
  }

  private static double milliseconds(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }
}
