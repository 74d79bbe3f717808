package dev.diptych.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that leave while their answer is made. */
@ConnectionTest
@ExtendWith(OutputCaptureExtension.class)
class DepartedClientTests {

  @LocalServerPort private int port;
  @Autowired private ConnectionTestApplication.Handlers handlers;

  @Test
  void stopsARequestWhoseClientLeftLongBeforeItsEnd(CapturedOutput output) throws Exception {
    RawClient client = new RawClient(port).get("/wait?name=left&millis=30000");
    assertThat(handlers.awaitOutcome("left")).isEqualTo("begun");

    client.close();

    assertThat(handlers.awaitOutcome("left")).isEqualTo("interrupted");
    assertThat(output).doesNotContain("ERROR", "WARN", "Exception");
  }

  @Test
  void takesAClientThatClosedItsSideForOneThatLeft() throws Exception {
    try (RawClient client = new RawClient(port).get("/wait?name=half&millis=30000")) {
      assertThat(handlers.awaitOutcome("half")).isEqualTo("begun");

      client.socket().shutdownOutput();

      assertThat(handlers.awaitOutcome("half")).isEqualTo("interrupted");
    }
  }

  @Test
  void answersAClientThatClosedItsSideAtOnceIfTheAnswerIsQuick() throws Exception {
    try (RawClient client = new RawClient(port).get("/wait?name=quick&millis=0")) {
      client.socket().shutdownOutput();

      assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("quick");
    }
  }

  @Test
  void answersRequestsThatWereSentAheadOneAfterAnother() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.get("/wait?name=one&millis=900").get("/wait?name=two&millis=900").send("GET /wait?na");

      assertThat(client.upTo("one")).contains("200");
      assertThat(client.upTo("two")).contains("200");
      client.send("me=three&millis=0 HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.upTo("three")).contains("200");
    }
  }

  @Test
  void noticesThatAClientLeftBehindRequestsSentAhead() throws Exception {
    RawClient client = new RawClient(port);
    client.get("/wait?name=before&millis=30000").get("/wait?name=behind&millis=30000");
    assertThat(handlers.awaitOutcome("before")).isEqualTo("begun");

    client.close();

    assertThat(handlers.awaitOutcome("before")).isEqualTo("interrupted");
  }

  @Test
  void leavesTheNextRequestOfAConnectionAlone() throws Exception {
    try (RawClient client = new RawClient(port)) {
      for (int i = 0; i < 3; i++) {
        client.get("/wait?name=next%d&millis=600".formatted(i));
        assertThat(client.upTo("next" + i)).contains("200");
        assertThat(handlers.awaitOutcome("next" + i)).isEqualTo("begun");
        assertThat(handlers.awaitOutcome("next" + i)).isEqualTo("ended");
      }
    }
  }
}
