package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Permits;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class EmbeddingsTests {

  private static final JsonMapper JSON = JsonMapper.shared();

  @LocalServerPort private int port;
  @Autowired private Embedder embedder;
  @Autowired private Served<Embedder> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void answersInTheShapeOfOpenAi() throws Exception {
    HttpResponse<String> response =
        http.post(
            "/v1/embeddings",
            "{\"input\":[\"a cat\",[5,6]],\"model\":\"words\",\"user\":\"u\",\"dimensions\":4}");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-compute-tokens")).isPresent();
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.propertyNames()).containsExactly("object", "data", "model", "usage");
    assertThat(body.get("object").stringValue()).isEqualTo("list");
    assertThat(body.get("model").stringValue()).isEqualTo("words");
    assertThat(body.get("data")).hasSize(2);
    assertThat(body.at("/data/1").propertyNames()).containsExactly("object", "embedding", "index");
    assertThat(body.at("/data/1/index").intValue()).isOne();
    assertThat(body.at("/data/1/embedding")).hasSize(4);
    assertThat(body.get("usage").propertyNames()).containsExactly("prompt_tokens", "total_tokens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"words\"", "\"tgi\"", "\"dummy\""})
  void theModelOfTheRoleAnswersToItsNameAndToNone(String model) throws Exception {
    HttpResponse<String> response =
        http.post("/v1/embeddings", "{\"input\":\"a\",\"model\":%s}".formatted(model));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '"',
      textBlock =
          """
          {'input':'a','model':'gpt-4'}            | 404 | model           | model_not_found            | there is no model `gpt-4`; there is `org/letters@main` and `gaps` and `words`
          {'input':'a','model':'org/letters'}      | 400 | model           | model_not_supported        | the model `org/letters` cannot do this: it continues texts, at /v1/chat/completions and /v1/completions
          {'input':'a','model':'gaps'}             | 400 | model           | model_not_supported        | it finds words for gaps, at /fill-mask
          {'input':''}                             | 400 | input           | invalid_value              | `input` cannot be empty
          {'input':[]}                             | 400 | input           | invalid_value              | `input` cannot be empty
          {'input':5}                              | 400 | input           | invalid_type               | `input` must be a string, a list of token ids
          {'input':'a','dimensions':0}             | 400 | dimensions      | invalid_value              | `dimensions` should be positive
          {'input':'a','dimensions':'4'}           | 400 | dimensions      | invalid_type               | `dimensions` must be an integer
          {'input':'a','encoding_format':'hex'}    | 400 | encoding_format | invalid_type               | `encoding_format` must be one of
          {}                                       | 400 | input           | missing_required_parameter | missing field `input`
          {                                        | 400 | -               | invalid_json               | the body is not JSON
          """)
  void refusesInOpenAisBody(
      String request, int status, @Nullable String param, String code, String message)
      throws Exception {
    for (String path : new String[] {"/v1/embeddings", "/embeddings"}) {
      HttpResponse<String> response = http.post(path, request.replace('\'', '"'));

      assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
      JsonNode error = JSON.readTree(response.body()).get("error");
      assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
      assertThat(error.get("message").stringValue()).contains(message);
      assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
      assertThat(error.get("param").asString(null)).isEqualTo(param);
      assertThat(error.get("code").stringValue()).isEqualTo(code);
    }
  }

  @Test
  void refusesAtOnceWithRetryAfterWhenNoPlaceIsFree() throws Exception {
    try (Permits _ = embedder.engine().admit(OpenAiTestApplication.MAX_CONCURRENT_INPUTS)) {
      HttpResponse<String> response = http.post("/v1/embeddings", "{\"input\":\"a\"}");

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("retry-after")).hasValue("1");
      assertThat(response.body())
          .contains("\"type\":\"rate_limit_error\"", "\"code\":\"rate_limit_exceeded\"");
    }
  }

  @Test
  void saysHowFarTheModelIsWhileItIsComing() throws Exception {
    served.become(new Served.Coming<>("downloading model.safetensors 41 of 90 MB"));
    try {
      HttpResponse<String> response = http.post("/v1/embeddings", "{\"input\":\"a\"}");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).hasValue("5");
      assertThat(response.body()).contains("41 of 90 MB", "\"type\":\"service_unavailable\"");
    } finally {
      served.become(new Served.Ready<>(embedder));
    }
  }

  @Test
  void refusesTooManyTexts() throws Exception {
    String texts = "[\"a\"" + ",\"a\"".repeat(32) + "]";

    assertThat(http.post("/v1/embeddings", "{\"input\":%s}".formatted(texts)).body())
        .isEqualTo(
            "{\"error\":{\"message\":\"batch size 33 > maximum allowed batch size 32"
                + " (diptych.encoding.max-client-batch-size)\",\"type\":\"invalid_request_error\","
                + "\"param\":null,\"code\":\"invalid_value\"}}");
  }

  @Test
  void refusesHalfOfACharacter() throws Exception {
    HttpResponse<String> response = http.post("/v1/embeddings", "{\"input\":\"\\ude00\\ud83d\"}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("half of a surrogate pair");
  }

  @Test
  void writesTheSameNumbersInBase64() throws Exception {
    JsonNode numbers = embedding("{\"input\":\"a cat\"}");
    JsonNode base64 = embedding("{\"input\":\"a cat\",\"encoding_format\":\"base64\"}");

    FloatBuffer floats =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64.stringValue()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    assertThat(floats.remaining()).isEqualTo(numbers.size());
    for (JsonNode number : numbers.values()) {
      assertThat(floats.get()).isEqualTo(Float.parseFloat(number.toString()));
    }
  }

  private JsonNode embedding(String body) throws Exception {
    return JSON.readTree(http.post("/v1/embeddings", body).body()).at("/data/0/embedding");
  }
}
