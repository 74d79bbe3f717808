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

/** Sparse vectors through their endpoint, against SPLADE's formula on transformers' logits. */
@SpringBootTest(
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=",
      "diptych.models.fill-mask=",
      "diptych.models.embed=",
      "diptych.models.precision=float32",
      "diptych.models.bert.source=src/test/resources/families/bert",
      "diptych.models.bert.tasks=embed-sparse",
      "diptych.models.distilbert.source=src/test/resources/families/distilbert",
      "diptych.models.distilbert.tasks=embed-sparse",
      "diptych.models.xlm-roberta.source=src/test/resources/families/xlm-roberta",
      "diptych.models.xlm-roberta.tasks=embed-sparse",
      "diptych.models.modernbert.source=src/test/resources/families/modernbert",
      "diptych.models.modernbert.tasks=embed-sparse"
    })
@Timeout(120)
class SparseVectorsTests {

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

  private JsonNode vectors(String model, List<String> texts) throws Exception {
    ObjectNode request = JSON.createObjectNode().put("model", model);
    ArrayNode inputs = request.putArray("inputs");
    texts.forEach(inputs::add);
    HttpResponse<String> response = http.post("/embed_sparse", request.toString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "distilbert", "xlm-roberta", "modernbert"})
  void everyNumberIsThatOfSplade(String model) throws Exception {
    List<JsonNode> cases =
        JSON.readTree(Path.of("src/test/resources/tasks/sparse-vectors.json"))
            .get(model)
            .valueStream()
            .toList();
    List<String> texts = cases.stream().map(one -> one.get("text").stringValue()).toList();

    JsonNode vectors = vectors(model, texts);

    for (int i = 0; i < cases.size(); i++) {
      float[] expected = new float[1024];
      float[] told = new float[1024];
      JsonNode reference = cases.get(i);
      for (int place = 0; place < reference.get("indices").size(); place++) {
        expected[reference.get("indices").get(place).intValue()] =
            reference.get("values").get(place).floatValue();
      }
      for (JsonNode number : vectors.get(i)) {
        assertThat(number.get("value").floatValue()).isPositive();
        told[number.get("index").intValue()] = number.get("value").floatValue();
      }
      assertThat(told).as(texts.get(i)).containsExactly(expected, within(1e-4f));
      assertThat(vectors(model, List.of(texts.get(i))).get(0).size())
          .isEqualTo(vectors.get(i).size());
    }
  }

  @Test
  void theModelIsToldAsTextEmbeddingsInferenceDoes() throws Exception {
    assertThat(JSON.readTree(http.get("/info").body()).at("/model_type/embedding/pooling"))
        .isEqualTo(JSON.readTree("\"splade\""));
  }
}
