package dev.diptych.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.HttpCaller;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@Timeout(60)
@SpringBootTest(
    classes = OpenAiTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "diptych.generation.max-concurrent-requests=2")
class ManyPromptsTests {

  @LocalServerPort private int port;
  @Autowired private Served<TextGenerator> served;
  @Autowired private FakeDecoder decoder;

  @BeforeEach
  void holdEveryGeneration() {
    decoder.byHand();
  }

  @AfterEach
  void endEveryGeneration() {
    decoder.release();
    while (served.engine().activeGenerations() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void morePromptsThanThereIsRoomForAreRefusedForGood() throws Exception {
    HttpResponse<String> response = complete();

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("the 3 texts of `prompt` have no room beside each other; send 2 at once")
        .contains("\"param\":\"prompt\"");
  }

  @Test
  void besideOthersTheyAreToldToComeBack() throws Exception {
    try (Generation _ = served.engine().start(GenerationRequest.greedy("a", 900))) {
      assertThat(complete().statusCode()).isEqualTo(429);
    }
  }

  private HttpResponse<String> complete() throws Exception {
    return new HttpCaller(port)
        .post("/v1/completions", "{\"prompt\":[\"a\",\"b\",\"c\"],\"max_tokens\":900}");
  }
}
