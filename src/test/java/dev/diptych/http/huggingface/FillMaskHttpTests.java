package dev.diptych.http.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.encoding.MaskFiller;
import dev.diptych.encoding.Permits;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class FillMaskHttpTests {

  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;
  @Autowired private MaskFiller filler;
  @Autowired private Served<MaskFiller> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void answersOneMaskWithAFlatListOfFive() throws Exception {
    JsonNode answer = fill("{\"inputs\":\"The [MASK] sat.\"}");

    assertThat(answer.size()).isEqualTo(5);
    assertThat(answer.get(0).propertyNames())
        .containsExactly("score", "token", "token_str", "sequence");
  }

  @Test
  void nestsSeveralMasksAndSeveralTexts() throws Exception {
    JsonNode masks = fill("{\"inputs\":\"a [MASK] b [MASK]\",\"parameters\":{\"top_k\":2}}");
    JsonNode texts = fill("{\"inputs\":[\"[MASK]\",\"[MASK] [MASK]\"]}");

    assertThat(masks.size()).isEqualTo(2);
    assertThat(masks.get(1).size()).isEqualTo(2);
    assertThat(masks.get(1).get(0).get("sequence").stringValue())
        .startsWith("[CLS] a [MASK] b ")
        .endsWith(" [SEP]");
    assertThat(texts.get(0).get(0).isObject()).isTrue();
    assertThat(texts.get(1).get(0).get(0).isObject()).isTrue();
  }

  @Test
  void unwrapsAListOfOneText() throws Exception {
    assertThat(fill("{\"inputs\":[\"The [MASK] sat.\"]}"))
        .isEqualTo(fill("{\"inputs\":\"The [MASK] sat.\"}"));
  }

  @Test
  void takesTargetsAsAListOrAsOneWord() throws Exception {
    JsonNode list = fill("{\"inputs\":\"[MASK]\",\"parameters\":{\"targets\":[\"cat\",\"dog\"]}}");
    JsonNode word = fill("{\"inputs\":\"[MASK]\",\"parameters\":{\"targets\":\"cat\"}}");

    assertThat(list.size()).isEqualTo(2);
    assertThat(word.size()).isEqualTo(1);
    assertThat(word.get(0).get("token_str").stringValue()).isEqualTo("cat");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{\"inputs\":\"no mask\"}|422|no mask token ([MASK])",
        "{\"inputs\":\"\"}|422|cannot be empty",
        "{\"inputs\":[]}|422|cannot be empty",
        "{\"inputs\":5}|422|`inputs` must be a string or a list of strings",
        "{\"inputs\":[5]}|422|`inputs` must be a string or a list of strings",
        "{}|422|`inputs` is missing",
        "{\"inputs\":\"[MASK]\",\"parameters\":{\"top_k\":0}}|422|`top_k` must be at least 1."
            + " Given: 0",
        "{\"inputs\":\"[MASK]\",\"parameters\":{\"top_k\":2.5}}|422|`parameters.top_k`",
        "{\"inputs\":\"[MASK]\",\"parameters\":{\"top_k\":\"2\"}}|422|`parameters.top_k` must be an"
            + " integer",
        "{\"inputs\":\"[MASK]\",\"parameters\":{\"targets\":[]}}|422|at least one target",
        "{\"inputs\":|400|not JSON",
      })
  void refusesWhatItCannotAnswer(String body, int status, String message) throws Exception {
    HttpResponse<String> response = http.post("/fill-mask", body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body());
    assertThat(error.get("error").stringValue()).contains(message).doesNotContain("java.");
    assertThat(error.get("error_type").stringValue()).isEqualTo("validation");
  }

  @Test
  void refusesOtherContentTypes() throws Exception {
    HttpResponse<String> response =
        http.send(
            "/fill-mask",
            "{\"inputs\":\"[MASK]\"}".getBytes(StandardCharsets.UTF_8),
            "content-type",
            "text/plain");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body()).contains("application/json");
  }

  @Test
  void refusesAtOnceWithRetryAfterWhenNoPlaceIsFree() throws Exception {
    try (Permits _ = filler.engine().admit(HuggingFaceTestApplication.MAX_CONCURRENT_INPUTS)) {
      HttpResponse<String> response = http.post("/fill-mask", "{\"inputs\":\"[MASK]\"}");

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("retry-after")).hasValue("1");
      assertThat(response.body()).contains("\"error_type\":\"overloaded\"");
    }
  }

  @Test
  void saysWhyThereIsNoModel() throws Exception {
    served.become(new Served.Failed<>("the Hub did not answer"));
    try {
      HttpResponse<String> response = http.post("/fill-mask", "{\"inputs\":\"[MASK]\"}");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).isPresent();
      assertThat(response.body()).contains("the Hub did not answer");
    } finally {
      served.become(new Served.Ready<>(filler));
    }
  }

  private JsonNode fill(String body) throws Exception {
    HttpResponse<String> response = http.post("/fill-mask", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
