package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.DiptychApplication;
import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same conversation in every dialect of the whole service. */
@SpringBootTest( // as StartupTests, so that both share a service
    classes = DiptychApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "diptych.models.generate=src/test/resources/checkpoints/llama-tied",
      "diptych.models.fill-mask=src/test/resources/checkpoints/bert",
      "diptych.models.embed=src/test/resources/checkpoints/bert",
      "diptych.models.precision=float32"
    })
@Timeout(60)
class ChatServiceTests {

  private static final JsonMapper JSON = JsonMapper.shared();

  @LocalServerPort private int port;

  private HttpCaller http = new HttpCaller(0);

  @BeforeEach
  void connect() throws Exception {
    http = new HttpCaller(port);
    while (http.get("/health").statusCode() != 200) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 4711})
  void aChatIsWhatGenerateMakesOfItsPrompt(long seed) throws Exception {
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"The cat\"}]";
    String prompt =
        post("/chat_tokenize", "{%s}".formatted(messages)).get("templated_text").stringValue();
    String drawn = "\"temperature\":0.8,\"top_p\":0.9,\"seed\":%d".formatted(seed);

    String generated =
        post(
                "/generate",
                "{\"inputs\":%s,\"parameters\":{\"max_new_tokens\":20,%s}}"
                    .formatted(JSON.writeValueAsString(prompt), drawn))
            .get("generated_text")
            .stringValue();

    JsonNode chat =
        post("/v1/chat/completions", "{%s,\"max_tokens\":20,%s}".formatted(messages, drawn));
    JsonNode text =
        post(
            "/v1/completions",
            "{\"prompt\":%s,\"max_tokens\":20,%s}"
                .formatted(JSON.writeValueAsString(prompt), drawn));
    JsonNode response =
        post(
            "/v1/responses",
            "{\"input\":\"The cat\",\"max_output_tokens\":20,%s}".formatted(drawn));
    assertThat(chat.at("/choices/0/message/content").stringValue()).isEqualTo(generated);
    assertThat(text.at("/choices/0/text").stringValue()).isEqualTo(generated);
    assertThat(response.at("/output/0/content/0/text").stringValue()).isEqualTo(generated);
  }

  private JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> response = http.post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }
}
