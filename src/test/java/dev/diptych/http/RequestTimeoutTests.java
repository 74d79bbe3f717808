package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.http.WholeHttpApplication.Brake;
import dev.diptych.model.Served;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Requests that take longer than they may. */
@Timeout(60)
@SpringBootTest(
    classes = WholeHttpApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "springdoc.api-docs.enabled=false",
      "diptych.http.request-timeout=500ms",
      "diptych.encoding.max-concurrent-requests=2"
    })
class RequestTimeoutTests {

  private static final String TOLD =
      "the request was not answered within PT0.5S (diptych.http.request-timeout)";

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private Brake brake;
  @Autowired private Served<TextGenerator> generate;
  private HttpCaller http;

  @BeforeEach
  void holdEverythingUp() {
    http = new HttpCaller(port);
    decoder.byHand();
    brake.pull();
  }

  @AfterEach
  void letGo() {
    decoder.release();
    brake.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/generate | {'inputs':'a'} | {'error':'Request failed during generation:"
            + " %s','error_type':'generation'}",
        "/generate_stream | {'inputs':'not asked before'} | {'error':'Request failed during"
            + " generation: %s','error_type':'generation'}",
        "/embed | {'inputs':'a'} | {'error':'Backend error: %s','error_type':'Backend'}",
        "/embed | {'inputs':['a','b']} | {'error':'Backend error: %s','error_type':'Backend'}",
        "/similarity | {'inputs':{'source_sentence':'a','sentences':['b']}} | {'error':'Backend"
            + " error: %s','error_type':'Backend'}",
        "/fill-mask | {'inputs':'a [MASK]'} | {'error':'%s','error_type':'inference'}",
        "/v1/completions | {'prompt':'nor this'} |"
            + " {'error':{'message':'%s','type':'server_error','param':null,'code':'timeout'}}",
        "/v1/embeddings | {'input':'a'} |"
            + " {'error':{'message':'%s','type':'server_error','param':null,'code':'timeout'}}"
      })
  void areGivenUpInTheDialectOfTheirPath(String path, String body, String told) throws Exception {
    HttpResponse<String> answer = http.post(path, body.replace('\'', '"'));

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).isEqualTo(told.replace('\'', '"').formatted(TOLD));
  }

  @Test
  void leaveNoGenerationBehind() throws Exception {
    http.post("/generate", "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":1000}}");
    decoder.step(2);

    await().until(() -> generate.engine().activeGenerations() == 0);
  }

  @Test
  void endAStreamThatHasBegunWithAnErrorEvent() throws Exception {
    decoder.step(3);
    HttpResponse<String> answer =
        http.post(
            "/generate_stream", "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":1000}}");

    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> events = answer.body().lines().filter(line -> line.startsWith("data: ")).toList();
    assertThat(events).hasSizeGreaterThan(1);
    assertThat(events.getFirst()).contains("\"token\"");
    assertThat(events.getLast()).contains(TOLD);
  }

  @Test
  void doNotWaitForPlacesEither() throws Exception {
    Thread first = Thread.startVirtualThread(() -> post("{\"inputs\":[\"a\",\"b\"]}"));
    HttpResponse<String> second = http.post("/embed", "{\"inputs\":[\"c\",\"d\"]}");
    first.join();

    assertThat(second.statusCode()).isEqualTo(504);
    assertThat(second.body()).contains(TOLD);
  }

  @Test
  void areAnsweredWhenTheyAreInTime() throws Exception {
    decoder.release();
    brake.release();
    try {
      assertThat(http.post("/generate", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(200);
      assertThat(http.post("/embed", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(200);
    } finally {
      brake.pull();
    }
  }

  private void post(String body) {
    try {
      http.post("/embed", body);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
