package dev.diptych.http.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Vectors of texts, and their cosines. */
@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class EmbeddingTasksHttpTests {

  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void givesAListOfVectorsForATextAndForTexts() throws Exception {
    JsonNode one = ask("/feature-extraction", "{\"inputs\":\"a cat\"}");
    JsonNode two = ask("/feature-extraction", "{\"inputs\":[\"a cat\",\"a dog\"]}");

    assertThat(one.size()).isEqualTo(1);
    assertThat(one.get(0).size()).isEqualTo(8);
    assertThat(length(one.get(0))).isEqualTo(1, within(1e-5));
    assertThat(two.size()).isEqualTo(2);
    assertThat(two.get(0)).isEqualTo(one.get(0));
  }

  @Test
  void honoursTheFormOfVectors() throws Exception {
    JsonNode raw = ask("/feature-extraction", "{\"inputs\":\"a cat\",\"normalize\":false}");
    JsonNode cut =
        ask(
            "/feature-extraction",
            "{\"inputs\":\"a"
                + " cat\",\"normalize\":false,\"dimensions\":3,\"encoding_format\":\"float\"}");

    assertThat(length(raw.get(0))).isNotCloseTo(1, within(1e-5));
    assertThat(cut.get(0).size()).isEqualTo(3);
    assertThat(cut.get(0).get(2)).isEqualTo(raw.get(0).get(2));
  }

  @Test
  void honoursWhichEndIsCut() throws Exception {
    String body = "{\"inputs\":\"%s\",\"truncate\":true,\"truncation_direction\":\"%s\"}";
    String text = "w200 ".repeat(40) + "dog";

    assertThat(ask("/feature-extraction", body.formatted(text, "right")))
        .isNotEqualTo(ask("/feature-extraction", body.formatted(text, "left")));
    HttpResponse<String> refused =
        http.post("/feature-extraction", "{\"inputs\":\"%s\",\"truncate\":false}".formatted(text));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("at most 32 tokens", "\"error_type\":\"validation\"");
  }

  @Test
  void comparesASentenceWithOthers() throws Exception {
    JsonNode cosines =
        ask(
            "/sentence-similarity",
            "{\"inputs\":{\"source_sentence\":\"a cat\",\"sentences\":[\"a dog\",\"a cat\"]}}");

    assertThat(cosines.size()).isEqualTo(2);
    assertThat(cosines.get(1).doubleValue()).isEqualTo(1, within(1e-5));
    assertThat(cosines.get(0).doubleValue()).isLessThan(0.999);
  }

  @Test
  void namesWhatIsMissing() throws Exception {
    HttpResponse<String> response =
        http.post("/sentence-similarity", "{\"inputs\":{\"sentences\":[\"a\"]}}");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .contains("`inputs.source_sentence` is missing", "\"error_type\":\"validation\"");
  }

  private static double length(JsonNode vector) {
    return Math.sqrt(
        vector.valueStream().mapToDouble(value -> Math.pow(value.doubleValue(), 2)).sum());
  }

  private JsonNode ask(String path, String body) throws Exception {
    HttpResponse<String> response = http.post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
