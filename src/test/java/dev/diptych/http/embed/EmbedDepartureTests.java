package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** Clients that leave before their answer is there. */
@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
@ExtendWith(OutputCaptureExtension.class)
class EmbedDepartureTests {

  /** The query of each request that has gone through. */
  private static final LinkedBlockingQueue<String> FINISHED = new LinkedBlockingQueue<>();

  @LocalServerPort private int port;
  @Autowired private AtomicReference<Runnable> beforeForwardPass;

  @TestConfiguration
  static class FinishedRequests {

    @Bean
    Filter finishedRequests() {
      return (request, response, chain) -> {
        try {
          chain.doFilter(request, response);
        } finally {
          FINISHED.add(String.valueOf(((HttpServletRequest) request).getQueryString()));
        }
      };
    }
  }

  @AfterEach
  void letPass() {
    beforeForwardPass.set(() -> {});
  }

  @Test
  void leavesNoFaultInTheLogWhenTheClientLeftDuringTheForwardPass(CapturedOutput output)
      throws Exception {
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    beforeForwardPass.set(
        () -> {
          computing.countDown();
          await(left);
        });
    String body = "{\"inputs\":[\"a\"%s]}".formatted(",\"b\"".repeat(31));
    Socket client = send("computing", body, body.length());
    await(computing);

    client.setSoLinger(true, 0); // resets the connection, so that the answer cannot be written
    client.close();
    left.countDown();

    awaitEndOf("computing");
    assertThat(output).doesNotContain("ERROR", "WARN", "Exception");
  }

  @Test
  void leavesNoFaultInTheLogWhenTheClientLeftBeforeItsBodyWasThere(CapturedOutput output)
      throws Exception {
    Socket client = send("sending", "{\"inputs\":\"a", 1000);

    client.close();

    awaitEndOf("sending");
    assertThat(output).doesNotContain("ERROR", "WARN", "Exception");
  }

  private Socket send(String query, String body, int contentLength) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client
        .getOutputStream()
        .write(
            "POST /embed_all?%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(query, contentLength, body)
                .getBytes(StandardCharsets.UTF_8));
    return client;
  }

  private static void awaitEndOf(String query) throws InterruptedException {
    String finished;
    do {
      finished = FINISHED.poll(10, TimeUnit.SECONDS);
    } while (finished != null && !finished.equals(query));
    assertThat(finished).isEqualTo(query);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
