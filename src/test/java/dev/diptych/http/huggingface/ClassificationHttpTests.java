package dev.diptych.http.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Labels of a model, and labels of a request. */
@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class ClassificationHttpTests {

  private static final String CLASSIFY = "/text-classification";
  private static final String ZERO_SHOT = "/zero-shot-classification";
  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void tellsAllLabelsInAListForEachText() throws Exception {
    JsonNode one = ask(CLASSIFY, "{\"inputs\":\"a cat\"}");
    JsonNode two = ask(CLASSIFY, "{\"inputs\":[\"a cat\",{\"text\":\"a\",\"text_pair\":\"b\"}]}");

    assertThat(one.size()).isEqualTo(1);
    assertThat(one.get(0).size()).isEqualTo(3);
    assertThat(one.get(0).get(0).propertyNames()).containsExactly("label", "score");
    assertThat(one.get(0).get(0).get("score").doubleValue())
        .isGreaterThanOrEqualTo(one.get(0).get(1).get("score").doubleValue());
    assertThat(sum(one.get(0))).isEqualTo(1, within(1e-5));
    assertThat(two.size()).isEqualTo(2);
    assertThat(two.get(0)).isEqualTo(one.get(0));
  }

  @Test
  void tellsAsManyLabelsAsAreAskedForByTheFunctionThatIsAskedFor() throws Exception {
    JsonNode best = ask(CLASSIFY, "{\"inputs\":\"a cat\",\"parameters\":{\"top_k\":1}}");
    JsonNode logits =
        ask(CLASSIFY, "{\"inputs\":\"a cat\",\"parameters\":{\"function_to_apply\":\"none\"}}");
    JsonNode sigmoid =
        ask(CLASSIFY, "{\"inputs\":\"a cat\",\"parameters\":{\"function_to_apply\":\"sigmoid\"}}");

    assertThat(best.get(0).size()).isEqualTo(1);
    assertThat(best.get(0).get(0).get("label")).isEqualTo(logits.get(0).get(0).get("label"));
    double logit = logits.get(0).get(2).get("score").doubleValue();
    assertThat(sigmoid.get(0).get(2).get("score").doubleValue())
        .isEqualTo(1 / (1 + Math.exp(-logit)), within(1e-6));
  }

  @Test
  void choosesAmongTheLabelsOfTheRequest() throws Exception {
    JsonNode one = ask(ZERO_SHOT, zeroShot("\"a cat\"", "\"candidate_labels\":[\"b\",\"c\"]"));
    JsonNode commas = ask(ZERO_SHOT, zeroShot("\"a cat\"", "\"candidate_labels\":\"b, c\""));
    JsonNode list = ask(ZERO_SHOT, zeroShot("[\"a cat\"]", "\"candidate_labels\":\"b, c\""));
    JsonNode several =
        ask(
            ZERO_SHOT,
            zeroShot(
                "\"a cat\"",
                "\"candidate_labels\":[\"b\",\"c\",\"d\"],\"multi_label\":true,"
                    + "\"hypothesis_template\":\"dog {}\""));

    assertThat(one.size()).isEqualTo(2);
    assertThat(one.get(0).propertyNames()).containsExactly("label", "score");
    assertThat(sum(one)).isEqualTo(1, within(1e-5));
    assertThat(commas).isEqualTo(one);
    assertThat(list.get(0)).isEqualTo(one);
    assertThat(several.size()).isEqualTo(3);
    assertThat(sum(several)).isNotCloseTo(1, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "/text-classification|{}|`inputs` is missing",
        "/text-classification|{\"inputs\":\"\"}|cannot be empty",
        "/text-classification|{\"inputs\":[]}|cannot be empty",
        "/text-classification|{\"inputs\":5}|`inputs` must be a string, an object with `text`",
        "/text-classification|{\"inputs\":\"a\",\"parameters\":{\"top_k\":0}}|`top_k` must be at"
            + " least 1",
        "/text-classification|{\"inputs\":\"a\",\"parameters\":{\"function_to_apply\":\"exp\"}}|`parameters.function_to_apply`",
        "/text-classification|{\"inputs\":\"a\",\"model\":\"other\"}|there is `fake-classifier`",
        "/zero-shot-classification|{\"inputs\":\"a\"}|`parameters` is missing",
        "/zero-shot-classification|{\"inputs\":\"a\",\"parameters\":{}}|`parameters.candidate_labels`"
            + " is missing",
        "/zero-shot-classification|{\"inputs\":\"a\",\"parameters\":{\"candidate_labels\":[]}}|`candidate_labels`"
            + " cannot be empty",
        "/zero-shot-classification|{\"inputs\":\"\",\"parameters\":{\"candidate_labels\":\"b\"}}|`inputs`"
            + " cannot be empty",
        "/zero-shot-classification|{\"inputs\":\"a\",\"parameters\":{\"candidate_labels\":\"b\",\"hypothesis_template\":\"c\"}}|`hypothesis_template`"
            + " must have one {}",
      })
  void refusesWhatItCannotAnswer(String path, String body, String message) throws Exception {
    HttpResponse<String> response = http.post(path, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    JsonNode error = JSON.readTree(response.body());
    assertThat(error.get("error").stringValue()).contains(message).doesNotContain("java.");
    assertThat(error.get("error_type").stringValue()).isEqualTo("validation");
  }

  private static String zeroShot(String inputs, String parameters) {
    return "{\"inputs\":%s,\"parameters\":{%s}}".formatted(inputs, parameters);
  }

  private static double sum(JsonNode labels) {
    return labels.valueStream().mapToDouble(label -> label.get("score").doubleValue()).sum();
  }

  private JsonNode ask(String path, String body) throws Exception {
    HttpResponse<String> response = http.post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
