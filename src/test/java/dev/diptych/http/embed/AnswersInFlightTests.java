package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** Answers whose readers take their time, or leave. */
@Timeout(60)
@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class AnswersInFlightTests {

  /** An answer of 262 144 bytes of floats, more than half of what large ones may take. */
  private static final String LARGE =
      "{\"inputs\":[\"%1$s\"%2$s]}"
          .formatted("a ".repeat(254), (",\"" + "a ".repeat(254) + "\"").repeat(31));

  private static final String SMALL = "{\"inputs\":\"a\"}";

  /** Lets the answer to a request with the query {@code slow} go on; false breaks it. */
  private static final class Reader {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean broken;

    void take() throws IOException {
      begun.countDown();
      try {
        assertThat(decided.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
      if (broken) {
        throw new IOException("Broken pipe");
      }
    }
  }

  private static volatile Reader reader = new Reader();

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @LocalServerPort private int port;

  @TestConfiguration
  static class SlowReaders {

    @Bean
    Filter slowReaders() {
      return (request, response, chain) ->
          chain.doFilter(
              request,
              "slow".equals(((HttpServletRequest) request).getQueryString())
                  ? new SlowResponse((HttpServletResponse) response)
                  : response);
    }
  }

  @BeforeEach
  void begin() {
    reader = new Reader();
  }

  @AfterEach
  void end() {
    reader.decided.countDown();
    callers.close();
  }

  @Test
  void keepTheirMemoryUntilTheLastByteIsWritten() throws Exception {
    HttpCaller http = new HttpCaller(port);
    Future<HttpResponse<String>> slow = callers.submit(() -> http.post("/embed_all?slow", LARGE));
    reader.begun.await();

    HttpResponse<String> refused = http.post("/embed_all", LARGE);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(refused.body()).contains("Overloaded", "diptych.encoding.answer-memory");
    assertThat(http.post("/embed", SMALL).statusCode()).isEqualTo(200);
    reader.decided.countDown();

    HttpResponse<String> answer = http.post("/embed_all", LARGE);
    for (int i = 0; answer.statusCode() == 429; i++) { // until the first request has ended
      assertThat(i).isLessThan(1000);
      answer = http.post("/embed_all", LARGE);
    }
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(slow.get().body());
  }

  @Test
  void giveTheirMemoryBackWhenTheyCannotBeWritten() throws Exception {
    HttpCaller http = new HttpCaller(port);
    Future<HttpResponse<String>> slow = callers.submit(() -> http.post("/embed_all?slow", LARGE));
    reader.begun.await();
    reader.broken = true;
    reader.decided.countDown();

    HttpResponse<String> answer = http.post("/embed_all", LARGE);
    for (int i = 0; answer.statusCode() == 429; i++) {
      assertThat(i).isLessThan(1000);
      answer = http.post("/embed_all", LARGE);
    }
    assertThat(answer.statusCode()).isEqualTo(200);
    slow.cancel(true);
  }

  @Test
  void areRefusedForGoodWhenTheyNeverFit() throws Exception {
    HttpResponse<String> refused =
        new HttpCaller(port).post("/tokenize", "{\"inputs\":\"%s\"}".formatted("a".repeat(20_000)));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("480000 bytes of memory", "diptych.encoding.answer-memory", "Validation");
  }

  /** A response whose reader takes nothing until it is told to. */
  private static final class SlowResponse extends HttpServletResponseWrapper {

    SlowResponse(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      ServletOutputStream output = super.getOutputStream();
      Reader taken = reader;
      return new ServletOutputStream() {
        @Override
        public void write(int value) throws IOException {
          taken.take();
          output.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          taken.take();
          output.write(bytes, offset, length);
        }

        @Override
        public boolean isReady() {
          return output.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          output.setWriteListener(listener);
        }
      };
    }
  }
}
