package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The request examples in the description of an API, which Swagger UI offers to send. */
public final class DocumentedExamples {

  private static final JsonMapper JSON = new JsonMapper();

  private DocumentedExamples() {}

  /** One test per path: its example must be answered with 200. */
  public static Stream<DynamicTest> areAnswered(HttpCaller http) throws Exception {
    JsonNode document = JSON.readTree(http.get("/v3/api-docs").body());
    List<Map.Entry<String, JsonNode>> posts =
        document.get("paths").properties().stream()
            .filter(path -> path.getValue().has("post"))
            .toList();
    assertThat(posts).isNotEmpty();
    return posts.stream()
        .map(
            path ->
                DynamicTest.dynamicTest(
                    path.getKey(), () -> isAnswered(http, document, path.getKey())));
  }

  private static void isAnswered(HttpCaller http, JsonNode document, String path) throws Exception {
    JsonNode operation = document.get("paths").get(path).get("post");
    JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
    String name = schema.get("$ref").stringValue().replaceFirst(".*/", "");
    JsonNode example = document.at("/components/schemas").get(name).get("example");
    assertThat(example).as("example of %s", name).isNotNull();
    assertThat(example.isObject()).as(example.toString()).isTrue();

    HttpResponse<String> response = http.post(path, example.toString());

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }
}
