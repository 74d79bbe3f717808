package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(classes = OpenAiTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class ModelsTests {

  private static final JsonMapper JSON = JsonMapper.shared();

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void listsEveryModelThatIsConfigured() throws Exception {
    HttpResponse<String> response = http.get("/v1/models");

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.propertyNames()).containsExactly("object", "data", "models");
    assertThat(body.get("object").stringValue()).isEqualTo("list");
    assertThat(body.get("data").valueStream().map(card -> card.get("id").stringValue()))
        .containsExactly("org/letters@main", "gaps", "words");
    JsonNode decoder = body.at("/data/0");
    assertThat(decoder.propertyNames())
        .containsExactly("id", "object", "created", "owned_by", "max_model_len", "tasks");
    assertThat(decoder.get("object").stringValue()).isEqualTo("model");
    assertThat(decoder.get("created").isIntegralNumber()).isTrue();
    assertThat(decoder.get("max_model_len").intValue()).isEqualTo(OpenAiTestApplication.CONTEXT);
    assertThat(body.at("/data/1/max_model_len").isNull()).as("not ready").isTrue();
    assertThat(body.at("/data/2/tasks/0").stringValue()).isEqualTo("feature-extraction");
    assertThat(body.get("models")).hasSize(3);
    JsonNode named = body.at("/models/0");
    assertThat(named.propertyNames()).containsExactly("name", "description", "release_date");
    assertThat(named.get("name").stringValue()).isEqualTo("org/letters@main");
    assertThat(named.get("description").stringValue()).isEqualTo("text-generation");
    assertThat(named.get("release_date").stringValue()).matches("\\d{4}-\\d\\d-\\d\\d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"org/letters@main", "org%2Fletters", "words"})
  void tellsOfOneByItsName(String model) throws Exception {
    HttpResponse<String> response = http.get("/v1/models/" + model);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(JSON.readTree(response.body()).get("id").stringValue())
        .startsWith(model.replace("%2F", "/"));
  }

  @Test
  void anUnknownOneIsNotFound() throws Exception {
    HttpResponse<String> response = http.get("/v1/models/org/other");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"there is no model `org/other`; there is `org/letters@main`"
                + " and `gaps` and `words`\",\"type\":\"invalid_request_error\","
                + "\"param\":\"model\",\"code\":\"model_not_found\"}}");
  }

  @ParameterizedTest
  @CsvSource({"%25,%", "%25_%25zz,%_%zz", "a%3Bb,a;b", "a%2525,a%25", "%E3%AA%9D,\u3a9d"})
  void aNameIsDecodedOnce(String inPath, String name) throws Exception {
    HttpResponse<String> response = http.get("/v1/models/" + inPath);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()).at("/error/message").stringValue())
        .startsWith("there is no model `" + name + "`;");
  }
}
