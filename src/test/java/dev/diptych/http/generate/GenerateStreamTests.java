package dev.diptych.http.generate;

import static dev.diptych.http.generate.GenerateClient.nextEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.TextGenerator;
import dev.diptych.model.Served;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@Timeout(60)
@SpringBootTest(
    classes = GenerateTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "diptych.generation.heartbeat=200ms")
class GenerateStreamTests {

  /** A prompt of its own for each test: the logits of a repeated one are known without a pass. */
  private static final String BODY =
      "{\"inputs\":\"%s\",\"parameters\":{\"max_new_tokens\":%d,\"details\":true}}";

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private Served<TextGenerator> served;
  private GenerateClient client = new GenerateClient(0);

  @BeforeEach
  void connect() {
    client = new GenerateClient(port);
  }

  @AfterEach
  void everythingEnds() {
    decoder.failOn(token -> false);
    decoder.release();
    awaitActive(0);
  }

  @Test
  void anEventIsReadableBeforeTheNextIsProduced() throws Exception {
    decoder.byHand();
    decoder.step(1);
    HttpResponse<Stream<String>> response =
        client.stream("/generate_stream", BODY.formatted("Hello", 3));
    Iterator<String> lines = response.body().iterator();

    JsonNode first = nextEvent(lines);
    int passes = decoder.forwards.get();
    decoder.step(1);
    JsonNode second = nextEvent(lines);
    decoder.step(1);
    JsonNode last = nextEvent(lines);

    assertThat(first.propertyNames())
        .containsExactly("index", "token", "generated_text", "details");
    assertThat(first.get("index").intValue()).isEqualTo(1);
    assertThat(first.get("generated_text").isNull()).isTrue();
    assertThat(first.get("details").isNull()).isTrue();
    assertThat(decoder.forwards.get() - passes).isEqualTo(2);
    assertThat(second.get("index").intValue()).isEqualTo(2);
    assertThat(last.get("index").intValue()).isEqualTo(3);
    assertThat(last.get("generated_text").stringValue())
        .isEqualTo(
            first.get("token").get("text").stringValue()
                + second.get("token").get("text").stringValue()
                + last.get("token").get("text").stringValue());
    JsonNode details = last.get("details");
    assertThat(details.propertyNames())
        .containsExactly("finish_reason", "generated_tokens", "seed", "input_length");
    assertThat(details.get("input_length").intValue()).isEqualTo(5);
    while (lines.hasNext()) {
      assertThat(lines.next()).isEmpty();
    }
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
  }

  @Test
  void silenceIsFilledWithComments() throws Exception {
    decoder.byHand();
    HttpResponse<Stream<String>> response =
        client.stream("/generate_stream", BODY.formatted("quiet", 1));
    Iterator<String> lines = response.body().iterator();

    assertThat(lines.next()).isEqualTo(":");
    decoder.step(1);

    assertThat(nextEvent(lines).get("index").intValue()).isEqualTo(1);
  }

  @Test
  void manyStreamsKeepTheirOrder() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Integer>>> streams = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String body =
            "{\"inputs\":\"stream %d\",\"parameters\":{\"max_new_tokens\":50}}".formatted(i);
        streams.add(threads.submit(() -> indexes(body)));
      }
      for (Future<List<Integer>> stream : streams) {
        List<Integer> indexes = stream.get();
        for (int i = 0; i < indexes.size(); i++) {
          assertThat(indexes.get(i)).isEqualTo(i + 1);
        }
        assertThat(indexes).isNotEmpty();
      }
    }
  }

  @Test
  void aFailureAfterTheFirstEventIsTheLastEvent() throws Exception {
    decoder.byHand();
    decoder.step(1);
    HttpResponse<Stream<String>> response =
        client.stream("/generate_stream", BODY.formatted("break", 9));
    Iterator<String> lines = response.body().iterator();
    nextEvent(lines);
    decoder.failOn(token -> true);
    decoder.step(1);

    JsonNode error = nextEvent(lines);

    assertThat(error.propertyNames()).containsExactly("error", "error_type");
    assertThat(error.get("error_type").stringValue()).isEqualTo("generation");
    while (lines.hasNext()) {
      assertThat(lines.next()).isEmpty();
    }
  }

  @Test
  void aClientThatLeavesWhileTokensFlowStopsTheGeneration() throws Exception {
    try (Socket socket = open(BODY.formatted("leave", 1900))) {
      readUntil(socket.getInputStream(), "\"index\":3,");
    }

    awaitActive(0);
    assertThat(decoder.forwards).hasValueGreaterThan(2);
  }

  @Test
  void aClientThatLeavesInSilenceIsNoticedByTheHeartbeat() throws Exception {
    decoder.byHand();
    decoder.step(1);
    try (Socket socket = open(BODY.formatted("close", 1900))) {
      readUntil(socket.getInputStream(), "\"index\":1,");
      socket.setSoLinger(true, 0);
    }
    int passes = decoder.forwards.get();

    while (!isActiveWithin(0, 500)) {
      decoder.step(1); // lets the engine look at its inbox
    }

    assertThat(decoder.forwards.get() - passes).isLessThan(10);
  }

  @Test
  void aReaderThatDoesNotReadDelaysNobody() throws Exception {
    List<Socket> sleepers = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        sleepers.add(open(BODY.formatted("cease", 1500)));
      }

      List<Integer> indexes =
          indexes("{\"inputs\":\"awake\",\"parameters\":{\"max_new_tokens\":200}}");

      assertThat(indexes).isNotEmpty();
    } finally {
      for (Socket sleeper : sleepers) {
        sleeper.close();
      }
    }
  }

  private List<Integer> indexes(String body) throws IOException, InterruptedException {
    List<Integer> indexes = new ArrayList<>();
    Iterator<String> lines = client.stream("/generate_stream", body).body().iterator();
    JsonNode event;
    do {
      event = nextEvent(lines);
      indexes.add(event.get("index").intValue());
    } while (event.get("generated_text").isNull());
    return indexes;
  }

  private Socket open(String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /generate_stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body))
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return socket;
  }

  private static void readUntil(InputStream in, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("the response ended: " + read);
      }
      read.append((char) next);
    }
  }

  private void awaitActive(int expected) {
    assertThat(isActiveWithin(expected, 30_000)).as("generations going on").isTrue();
  }

  private boolean isActiveWithin(int expected, long milliseconds) {
    long start = System.nanoTime();
    while (served.engine().activeGenerations() != expected) {
      if (System.nanoTime() - start > milliseconds * 1_000_000) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }
}
