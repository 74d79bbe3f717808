package dev.diptych.http.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = GenerateTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "diptych.generation.max-concurrent-requests=7")
class GrammarHttpTests {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,2]},\"b\":{\"type\":\"boolean\"}},"
          + "\"required\":[\"a\",\"b\"],\"additionalProperties\":false}";

  @LocalServerPort private int port;
  private GenerateClient client = new GenerateClient(0);

  @BeforeEach
  void connect() {
    client = new GenerateClient(port);
  }

  @Test
  void theWholeAnswerMatchesARegularExpression() throws Exception {
    String text = generated("{\"type\":\"regex\",\"value\":\"[a-c]{3}-(x|yz)\"}");

    assertThat(text).matches("[a-c]{3}-(x|yz)");
  }

  @Test
  void anAnswerIsJsonOfASchemaHoweverThatIsGiven() throws Exception {
    String asText = JSON.writeValueAsString(SCHEMA);
    for (String grammar :
        List.of(
            "{\"type\":\"json\",\"value\":%s}".formatted(SCHEMA),
            "{\"type\":\"json\",\"value\":%s}".formatted(asText),
            "{\"type\":\"json_object\",\"value\":%s}".formatted(SCHEMA),
            "{\"type\":\"json_schema\",\"value\":{\"name\":\"n\",\"schema\":%s}}"
                .formatted(SCHEMA))) {
      JsonNode value = JSON.readTree(generated(grammar));

      assertThat(value.propertyNames()).as(grammar).containsExactlyInAnyOrder("a", "b");
      assertThat(value.get("a").intValue()).isBetween(1, 2);
      assertThat(value.get("b").isBoolean()).isTrue();
    }
  }

  @Test
  void aStreamHoldsTheShapeToo() throws Exception {
    HttpResponse<String> response =
        client.post("/generate_stream", body("{\"type\":\"regex\",\"value\":\"[a-c]{3}-(x|yz)\"}"));

    StringBuilder text = new StringBuilder();
    List<JsonNode> events =
        response
            .body()
            .lines()
            .filter(line -> line.startsWith("data:"))
            .map(line -> JSON.readTree(line.substring(5)))
            .toList();
    events.stream()
        .map(event -> event.get("token"))
        .filter(token -> !token.get("special").booleanValue())
        .forEach(token -> text.append(token.get("text").stringValue()));
    assertThat(text.toString()).matches("[a-c]{3}-(x|yz)");
    assertThat(events.getLast().get("generated_text").stringValue()).isEqualTo(text.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | `grammar` is not valid: missing field `type`",
        "{\"type\":\"xml\",\"value\":\"a\"} | unknown `type`, expected one of json, json_object",
        "{\"type\":\"regex\"} | `grammar` is not valid: missing field `value`",
        "{\"type\":\"json\",\"value\":null} | `grammar` is not valid: missing field `value`",
        "{\"type\":\"regex\",\"value\":{}} | `value` must be a regular expression in a string",
        "{\"type\":\"regex\",\"value\":\"(\"} | the regular expression",
        "{\"type\":\"json\",\"value\":5} | the JSON schema must be an object",
        "{\"type\":\"json\",\"value\":\"{\"} | the JSON schema is no JSON",
        "{\"type\":\"json_schema\",\"value\":{\"type\":\"object\"}} | the field `schema`",
        "{\"type\":\"json\",\"value\":{\"properties\":{\"a\":{\"not\":{}}}}} | `not` at"
            + " /properties/a",
        "[] | `parameters.grammar` must be an object"
      })
  void refusesWhatIsNoGrammar(String grammar, String message) throws Exception {
    HttpResponse<String> response = client.post("/generate", body(grammar));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(error(response)).startsWith("Input validation error: ").contains(message);
  }

  private static String error(HttpResponse<String> response) {
    return Objects.requireNonNull(JSON.readTree(response.body()).get("error")).stringValue();
  }

  private String generated(String grammar) throws Exception {
    HttpResponse<String> response = client.post("/generate", body(grammar));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.at("/details/finish_reason").stringValue()).isEqualTo("eos_token");
    return answer.get("generated_text").stringValue();
  }

  private static String body(String grammar) {
    return "{\"inputs\":\"Hello\",\"parameters\":{\"max_new_tokens\":200,\"details\":true,\"grammar\":%s}}"
        .formatted(grammar);
  }
}
