package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API description says about keys, and about which endpoints belong together. */
@WholeHttpTest
class KeysDocumentTests {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** The section of each dialect on the page. */
  private static final Map<Dialect, String> SECTIONS =
      Map.of(
          Dialect.GENERATE, "Generation",
          Dialect.HUGGING_FACE, "Hugging Face tasks",
          Dialect.EMBED, "Embeddings",
          Dialect.OPEN_AI, "OpenAI",
          Dialect.COHERE, "Ranking",
          Dialect.SYSTEM_ONE, "Decisions",
          Dialect.SERVICE, "Service");

  @LocalServerPort private int port;
  private JsonNode document = JSON.nullNode();

  @BeforeEach
  void read() throws Exception {
    document = JSON.readTree(new HttpCaller(port).get("/v3/api-docs").body());
  }

  @Test
  void saysHowAKeyIsBrought() {
    JsonNode schemes = document.at("/components/securitySchemes");

    assertThat(schemes.at("/bearer/scheme").stringValue()).isEqualTo("bearer");
    assertThat(schemes.at("/x-api-key/name").stringValue()).isEqualTo("x-api-key");
  }

  @Test
  void everyOperationAsksForAKeyOrIsOpen() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String method = operation.getKey();
        String where = method + " " + path.getKey();
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://localhost:"
                                + port
                                + path.getKey().replace("{model}", "tiny-encoder")))
                    .method(
                        method.toUpperCase(java.util.Locale.ROOT),
                        HttpRequest.BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString());
        JsonNode refusal = operation.getValue().at("/responses/401");

        assertThat(answer.statusCode() == 401).as(where).isEqualTo(!refusal.isMissingNode());
        assertThat(operation.getValue().has("security"))
            .as(where)
            .isEqualTo(!refusal.isMissingNode());
        if (answer.statusCode() == 401) {
          String type = answer.headers().firstValue("content-type").orElseThrow();
          JsonNode content = refusal.path("content").path(type);
          assertThat(content.isMissingNode()).as("%s: %s", where, type).isFalse();
          assertThat(
                  new DescribedSchema(document, content.path("schema"))
                      .violations(JSON.readTree(answer.body())))
              .as("%s: %s", where, answer.body())
              .isEmpty();
          assertThat(answer.headers().firstValue("www-authenticate")).as(where).isPresent();
        }
      }
    }
  }

  @Test
  void operationsStandInTheSectionOfTheirDialect() {
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          boolean isHealth =
                              operation.getKey().equals("get") && path.getKey().equals("/");
                          Dialect dialect = isHealth ? Dialect.SERVICE : Dialect.of(path.getKey());
                          assertThat(operation.getValue().at("/tags/0").stringValue())
                              .as("%s %s", operation.getKey(), path.getKey())
                              .isEqualTo(
                                  path.getKey().equals("/v1/rerank")
                                      ? "Ranking"
                                      : SECTIONS.get(dialect));
                        }));
    Set<String> described = new java.util.HashSet<>();
    document.path("tags").forEach(tag -> described.add(tag.path("name").stringValue()));
    assertThat(described).containsAll(SECTIONS.values());
    document
        .path("tags")
        .forEach(tag -> assertThat(tag.path("description").isMissingNode()).isFalse());
  }
}
