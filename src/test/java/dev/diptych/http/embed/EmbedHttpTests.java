package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.Permits;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class EmbedHttpTests {

  @LocalServerPort private int port;
  @Autowired private Embedder embedder;
  @Autowired private Served<Embedder> served;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() {
    http = new HttpCaller(port);
  }

  @Test
  void refusesAtOnceWithRetryAfterWhenNoPlaceIsFree() throws Exception {
    try (Permits _ = embedder.engine().admit(EmbedTestApplication.MAX_CONCURRENT_INPUTS)) {
      HttpResponse<String> teiStyle = http.post("/embed", "{\"inputs\":\"a\"}");

      assertThat(teiStyle.statusCode()).isEqualTo(429);
      assertThat(teiStyle.headers().firstValue("retry-after")).hasValue("1");
      assertThat(teiStyle.body()).contains("\"error_type\":\"Overloaded\"");
    }
    assertThat(http.post("/embed", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void saysHowFarTheModelIsWhileItIsComing() throws Exception {
    served.become(new Served.Coming<>("downloading model.safetensors 41 of 90 MB"));
    try {
      HttpResponse<String> response = http.post("/embed", "{\"inputs\":\"a\"}");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).hasValue("5");
      assertThat(response.body()).contains("41 of 90 MB").contains("\"error_type\":\"Unhealthy\"");
    } finally {
      served.become(new Served.Ready<>(embedder));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inputs\":\"a\",\"truncate\":\"yes\"}",
        "{\"inputs\":\"a\",\"dimensions\":1.5}",
        "{\"inputs\":\"a\",\"dimensions\":\"4\"}",
        "{\"inputs\":\"a\",\"truncation_direction\":\"up\"}",
        "{\"inputs\":[1,\"a\"]}",
        "{\"inputs\":[99999999999]}",
        "{\"inputs\":[1.5]}",
        "{\"inputs\":{\"text\":\"a\"}}",
        "{}",
        "[]"
      })
  void refusesWrongTypesInPlainText(String body) throws Exception {
    HttpResponse<String> response = http.post("/embed", body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain");
    assertThat(response.body()).contains("`").doesNotContain("java.", "dev.diptych");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"inputs\":\"a\"", "not json", "{\"inputs\":\"\\x\"}"})
  void refusesWhatIsNotJson(String body) throws Exception {
    HttpResponse<String> response = http.post("/embed", body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).startsWith("Failed to parse the request body as JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/event-stream", "garbage", "a/b;q=x"})
  void answersWhateverTheClientAccepts(String accept) throws Exception {
    HttpResponse<String> refused = postAccepting(accept, "{\"inputs\":\"\"}");
    HttpResponse<String> unreadable = postAccepting(accept, "{\"inputs\":");
    HttpResponse<String> answered = postAccepting(accept, "{\"inputs\":\"a\"}");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"error_type\":\"Empty\"");
    assertThat(unreadable.statusCode()).isEqualTo(400);
    assertThat(answered.statusCode()).isEqualTo(200);
  }

  @Test
  void refusesTooManyTextsInTheWordsOfThePeer() throws Exception {
    String texts = "[\"a\"" + ",\"a\"".repeat(32) + "]";

    assertThat(http.post("/embed", "{\"inputs\":%s}".formatted(texts)).body())
        .isEqualTo(
            "{\"error\":\"batch size 33 > maximum allowed batch size 32"
                + " (diptych.encoding.max-client-batch-size)\",\"error_type\":\"Validation\"}");
  }

  @Test
  void writesNumbersAsTheShortestFloats() throws Exception {
    String body = http.post("/embed", "{\"inputs\":\"a cat\"}").body();

    for (String number : body.replaceAll("[\\[\\]]", "").split(",", -1)) {
      assertThat(number).isEqualTo(Float.toString(Float.parseFloat(number)));
    }
  }

  private HttpResponse<String> postAccepting(String accept, String body) throws Exception {
    return http.send(
        "/embed",
        body.getBytes(StandardCharsets.UTF_8),
        "content-type",
        "application/json",
        "accept",
        accept);
  }
}
