package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@SpringBootTest(
    classes = OpenAiTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "diptych.generation.reasoning-content=false")
class ReasoningInAnswersTests {

  @LocalServerPort private int port;

  @Test
  void whatTheModelThinksStaysInTheAnswerWhereASettingSaysSo() throws Exception {
    JsonNode message =
        JsonMapper.shared()
            .readTree(
                new HttpCaller(port)
                    .post(
                        "/v1/chat/completions",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"Think\"}],"
                            + "\"guided_regex\":\"<think>[ab]{3}</think>[cd]{2}\"}")
                    .body())
            .at("/choices/0/message");

    assertThat(message.has("reasoning_content")).isFalse();
    assertThat(message.get("content").stringValue()).matches("<think>[ab]{3}</think>[cd]{2}");
  }
}
