package dev.diptych.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that are slow: each part of a request and an answer has its time. */
@ConnectionTest
class DeadlineTests {

  private static final Duration PAUSE = Duration.ofMillis(100);

  @LocalServerPort private int port;
  @Autowired private ConnectionTestApplication.Handlers handlers;

  @Test
  void closesTheConnectionOfAHeadThatComesByteByByte() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send("GET /echo HTTP/1.1\r\nX: ");

      assertThat(bytesUntilClosed(client)).isBetween(5, 60);
    }
  }

  @Test
  void refusesABodyThatComesByteByByte() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.head("/generate", 10_000).send("{");
      bytesUntilClosedOrAnswered(client);

      assertThat(client.rest())
          .startsWith("TTP/1.1 408")
          .contains("diptych.http.read-timeout", "\"error_type\":\"validation\"");
    }
  }

  @Test
  void givesUpAnAnswerThatNobodyReads() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.get("/endless?name=unread");

      assertThat(handlers.awaitOutcome("unread")).isEqualTo("begun");
      assertThat(handlers.awaitOutcome("unread")).isEqualTo("given up");
    }
  }

  @Test
  void givesUpAnAnswerThatIsReadTooSlowly() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.socket().setReceiveBufferSize(8192);
      client.get("/endless?name=slow");

      assertThat(handlers.awaitOutcome("slow")).isEqualTo("begun");
      while (handlers.outcome("slow").isEmpty() && readSome(client)) {}
      assertThat(handlers.awaitOutcome("slow")).isEqualTo("given up");
    }
  }

  @Test
  void keepsAnIdleConnectionOpenLongerThanARequestMayTake() throws Exception {
    try (RawClient client = new RawClient(port)) {
      assertThat(client.get("/wait?name=first&millis=0").upTo("first")).contains("200");

      assertThat(client.isClosedWithin(Duration.ofMillis(2500))).isFalse();
      assertThat(client.get("/wait?name=second&millis=0").upTo("second")).contains("200");
    }
  }

  private static boolean readSome(RawClient client) {
    try {
      return client.socket().getInputStream().read(new byte[1000]) > 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static int bytesUntilClosed(RawClient client) throws IOException {
    int bytes = 0;
    try {
      while (!client.isClosedWithin(PAUSE)) {
        client.send("a");
        bytes++;
      }
    } catch (SocketException _) {
      return bytes; // closed between
    }
    return bytes;
  }

  /** The pause ends with the first byte of an answer. */
  private static void bytesUntilClosedOrAnswered(RawClient client) throws IOException {
    client.socket().setSoTimeout((int) PAUSE.toMillis());
    while (true) {
      try {
        client.socket().getInputStream().read();
        client.socket().setSoTimeout(20_000);
        return;
      } catch (SocketTimeoutException _) {
        client.send("a");
      }
    }
  }
}
