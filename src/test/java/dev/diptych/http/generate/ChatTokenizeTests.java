package dev.diptych.http.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
    classes = GenerateTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "diptych.generation.max-concurrent-requests=9")
class ChatTokenizeTests {

  @LocalServerPort private int port;
  private GenerateClient client = new GenerateClient(0);

  @BeforeEach
  void connect() {
    client = new GenerateClient(port);
  }

  @Test
  void tellsThePromptOfAChatAndItsTokens() throws Exception {
    JsonNode answer =
        answer(
            """
            {"messages":[{"role":"system","content":"s"},
             {"role":"user","content":[{"type":"text","text":"a"}]},
             {"role":"assistant","tool_calls":[{"id":"1","type":"function",
              "function":{"name":"f","arguments":{"x":1}}}]}],
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
             "model":"tgi","max_tokens":5,"unknown":[]}
            """);

    assertThat(answer.propertyNames()).containsExactly("tokenize_response", "templated_text");
    String text = answer.get("templated_text").stringValue();
    assertThat(text).isEqualTo("(tool:f)(system)s(user)a(assistant)(call:f)(assistant)");
    JsonNode tokens = answer.get("tokenize_response");
    assertThat(tokens.get(0).propertyNames()).containsExactly("id", "text", "start", "stop");
    int at = 0;
    for (JsonNode token : tokens) {
      assertThat(token.get("start").intValue()).isEqualTo(at);
      at = token.get("stop").intValue();
      assertThat(token.get("text").stringValue())
          .isEqualTo(text.substring(token.get("start").intValue(), at));
    }
    assertThat(at).isEqualTo(text.length());
  }

  @Test
  void leavesTheGenerationPromptOutWhenAskedTo() throws Exception {
    JsonNode answer =
        answer(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"add_generation_prompt\":false}");

    assertThat(answer.get("templated_text").stringValue()).isEqualTo("(user)a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | missing field `messages`",
        "{\"messages\":[]} | `messages` cannot be empty",
        "{\"messages\":[null]} | `messages[0]` must be an object",
        "{\"messages\":[{\"content\":\"a\"}]} | missing field `messages[0].role`",
        "{\"messages\":[{\"role\":\"user\"}]} | missing field `messages[0].content`",
        "{\"messages\":[{\"role\":\"user\",\"content\":5}]} | `messages[0].content` must be",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]} |"
            + " `messages[0].content[0]` must be of type text",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{}]} | missing field"
            + " `tools[0].function.name`",
        "{\"messages\":5} | `messages` must be a list"
      })
  void refusesWhatIsNoChat(String body, String message) throws Exception {
    HttpResponse<String> response = client.post("/chat_tokenize", body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(GenerateClient.json(response).get("error").stringValue())
        .startsWith("Input validation error: ")
        .contains(message);
  }

  private JsonNode answer(String body) throws Exception {
    HttpResponse<String> response = client.post("/chat_tokenize", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return GenerateClient.json(response);
  }
}
