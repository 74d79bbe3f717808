package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.DiptychApplication;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import dev.diptych.model.ServedModels;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Classifiers and rankers through their endpoints, against what transformers computes. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=",
      "diptych.models.fill-mask=",
      "diptych.models.embed=",
      "diptych.models.precision=float32",
      "diptych.models.bert-classifier.source=src/test/resources/families/bert-classifier",
      "diptych.models.roberta-classifier.source=src/test/resources/families/roberta-classifier",
      "diptych.models.distilbert-classifier.source=src/test/resources/families/distilbert-classifier",
      "diptych.models.electra-classifier.source=src/test/resources/families/electra-classifier",
      "diptych.models.deberta-nli.source=src/test/resources/families/deberta-nli",
      "diptych.models.bert-reranker.source=src/test/resources/families/bert-reranker",
      "diptych.models.xlm-roberta-reranker.source=src/test/resources/families/xlm-roberta-reranker",
      "diptych.models.modernbert-reranker.source=src/test/resources/families/modernbert-reranker",
      "diptych.models.qwen3-reranker.source=src/test/resources/tasks/qwen3-reranker",
      "diptych.models.qwen3-reranker.tasks=rank",
      "diptych.models.qwen3-classifier.source=src/test/resources/tasks/qwen3-classifier"
    })
@Timeout(120)
class ClassifierFixturesTests {

  private static final double TOLERANCE = 1e-4;
  private static final JsonMapper JSON = JsonMapper.shared();

  @LocalServerPort private int port;
  @Autowired private List<ServedModels<?>> roles;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void awaitModels() {
    http = new HttpCaller(port);
    for (ServedModels<?> models : roles) {
      while (models.allPossible().stream()
          .anyMatch(served -> served.state() instanceof Served.Coming<?>)) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-classifier",
        "roberta-classifier",
        "distilbert-classifier",
        "electra-classifier",
        "deberta-nli"
      })
  void everyLabelHasTransformersLogit(String model) throws Exception {
    List<JsonNode> cases = cases(model);
    List<String> labels =
        config(model).get("id2label").valueStream().map(JsonNode::stringValue).toList();
    ObjectNode request = JSON.createObjectNode().put("model", model).put("raw_scores", true);
    ArrayNode inputs = request.putArray("inputs");
    for (JsonNode one : cases) {
      ArrayNode texts = inputs.addArray().add(one.get("text"));
      if (!one.get("pair").isNull()) {
        texts.add(one.get("pair"));
      }
    }

    JsonNode answer = post("/predict", request);

    for (int i = 0; i < cases.size(); i++) {
      Map<String, Double> told =
          answer
              .get(i)
              .valueStream()
              .collect(
                  Collectors.toMap(
                      one -> one.get("label").stringValue(),
                      one -> one.get("score").doubleValue()));
      double[] expected = doubles(cases.get(i).get("logits"));
      assertThat(labels.stream().mapToDouble(told::get).toArray())
          .containsExactly(expected, within(TOLERANCE * largest(expected)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-reranker", "xlm-roberta-reranker", "modernbert-reranker"})
  void everyTextOfAQueryHasTransformersLogit(String model) throws Exception {
    Map<String, List<JsonNode>> byQuery =
        cases(model).stream()
            .filter(one -> !one.get("pair").isNull())
            .collect(Collectors.groupingBy(one -> one.get("text").stringValue()));
    assertThat(byQuery).isNotEmpty();
    for (Map.Entry<String, List<JsonNode>> query : byQuery.entrySet()) {
      ObjectNode request =
          JSON.createObjectNode()
              .put("model", model)
              .put("query", query.getKey())
              .put("raw_scores", true);
      ArrayNode texts = request.putArray("texts");
      query.getValue().forEach(one -> texts.add(one.get("pair")));

      JsonNode answer = post("/rerank", request);

      assertThat(answer.size()).isEqualTo(texts.size());
      for (JsonNode rank : answer) {
        double expected =
            query.getValue().get(rank.get("index").intValue()).at("/logits/0").doubleValue();
        assertThat(rank.get("score").doubleValue())
            .isCloseTo(expected, within(TOLERANCE * Math.abs(expected)));
      }
    }
  }

  @Test
  void aDecoderRanksAsItsAnswersSayAndClassifiesByItsLastToken() throws Exception {
    for (JsonNode one : decoders("qwen3-reranker")) {
      ObjectNode request = JSON.createObjectNode().put("model", "qwen3-reranker");
      request.set("query", one.get("query"));
      request.putArray("texts").add(one.get("text"));

      JsonNode answer = post("/rerank", request);

      assertThat(answer.at("/0/score").doubleValue())
          .isCloseTo(one.get("score").doubleValue(), within(TOLERANCE));
    }
    for (JsonNode one : decoders("qwen3-classifier")) {
      ObjectNode request =
          JSON.createObjectNode().put("model", "qwen3-classifier").put("raw_scores", true);
      request.set("inputs", one.get("text"));

      for (JsonNode label : post("/predict", request)) {
        int index = List.of("bad", "fair", "good").indexOf(label.get("label").stringValue());
        assertThat(label.get("score").doubleValue())
            .isCloseTo(one.get("logits").get(index).doubleValue(), within(TOLERANCE));
      }
    }
  }

  private static List<JsonNode> decoders(String name) {
    Path file = Path.of("src/test/resources/tasks").resolve(name).resolve("reference.json");
    return JSON.readTree(file).get("cases").valueStream().toList();
  }

  @Test
  void theModelsOfAServiceWithoutVectorsAreToldAsTextEmbeddingsInferenceDoes() throws Exception {
    JsonNode info = JSON.readTree(http.get("/info").body());

    assertThat(info.at("/model_pipeline_tag").stringValue()).isEqualTo("text-ranking");
    assertThat(info.at("/model_type/reranker/id2label/0").stringValue()).isEqualTo("LABEL_0");
    assertThat(info.at("/model_type/reranker/label2id/LABEL_0").isIntegralNumber()).isTrue();
  }

  private JsonNode post(String path, JsonNode request) throws Exception {
    HttpResponse<String> response = http.post(path, request.toString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static List<JsonNode> cases(String model) {
    return JSON.readTree(folder(model).resolve("reference.json"))
        .get("cases")
        .valueStream()
        .toList();
  }

  private static JsonNode config(String model) {
    return JSON.readTree(folder(model).resolve("config.json"));
  }

  private static Path folder(String model) {
    return Path.of("src/test/resources/families").resolve(model);
  }

  private static double[] doubles(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
