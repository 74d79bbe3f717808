package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The spans of requests, as a collector gets them. */
@Timeout(60)
@SpringBootTest(
    classes = WholeHttpApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class TracesTests {

  private static final Queue<byte[]> RECEIVED = new ConcurrentLinkedQueue<>();
  private static final Queue<String> PATHS = new ConcurrentLinkedQueue<>();
  private static final HttpServer COLLECTOR = collector();

  @LocalServerPort private int port;

  private static HttpServer collector() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            PATHS.add(exchange.getRequestURI().getPath());
            RECEIVED.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @DynamicPropertySource
  static void sendTracesToTheCollector(DynamicPropertyRegistry registry) {
    registry.add(
        "diptych.http.traces-endpoint",
        () -> "http://localhost:" + COLLECTOR.getAddress().getPort());
  }

  @BeforeAll
  static void collect() {
    COLLECTOR.start();
  }

  @AfterAll
  static void stop() {
    COLLECTOR.stop(0);
  }

  /** Protocol buffers hold texts as they are. */
  private static String received() {
    return RECEIVED.stream()
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .collect(Collectors.joining());
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return new HttpCaller(port).send(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  @Test
  void aGenerationHasAQueueAPrefillAndADecode() throws Exception {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    post(
        "/generate",
        "{\"inputs\":\"secret prompt\",\"parameters\":{\"max_new_tokens\":5}}",
        "content-type",
        "application/json",
        "x-request-id",
        "traced-1",
        "traceparent",
        "00-%s-b7ad6b7169203331-01".formatted(trace));

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(received())
                    .contains("POST /generate", "queue", "prefill", "decode", "tiny-decoder")
                    .contains("diptych.request.id", "traced-1", "gen_ai.usage.output_tokens")
                    .contains(
                        new String(HexFormat.of().parseHex(trace), StandardCharsets.ISO_8859_1)));
    assertThat(received()).doesNotContain("secret prompt");
    assertThat(PATHS).containsOnly("/v1/traces");
  }

  @Test
  void aTextHasATokenizationAndAnInference() throws Exception {
    post("/embed", "{\"inputs\":\"a\"}", "content-type", "application/json");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(received()).contains("POST /embed", "tokenization", "inference"));
  }

  @Test
  void aRefusalSaysSo() throws Exception {
    post("/nothing", "{}", "content-type", "application/json");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(received()).contains("POST other", "refused"));
  }
}
