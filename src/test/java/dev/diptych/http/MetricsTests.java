package dev.diptych.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.diptych.generation.FakeDecoder;
import dev.diptych.http.WholeHttpApplication.Brake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The metrics of a service that answers, refuses and is left. */
@WholeHttpTest
class MetricsTests {

  private static final Pattern NAME = Pattern.compile("`((?:diptych|tgi|te)_[a-z_]+)`");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{([^}]*)})? (\\S+)$");
  private static final Pattern PART = Pattern.compile("_(bucket|sum|count|max)$");

  /** What the service has from its start on. */
  private static final Set<String> CONSTANT =
      Set.of("diptych_cache_tokens", "tgi_batch_total_tokens");

  /** A prompt long enough for its beginning to be worth a copy, that repeats itself. */
  private static final String PROMPT = "the same again, ".repeat(4);

  @LocalServerPort private int port;
  @Autowired private FakeDecoder decoder;
  @Autowired private Brake brake;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void everyNameThatIsDocumentedIsThereAndMoves() throws Exception {
    Map<String, Double> before = sums();
    Map<String, Double> busy = new HashMap<>();

    decoder.byHand();
    brake.pull();
    boolean braked = true;
    try {
      CompletableFuture<HttpResponse<String>> running =
          postLater("/generate", generate(PROMPT, 1000));
      await("the first generation").until(() -> now("diptych_running") == 1);
      CompletableFuture<HttpResponse<String>> waiting = postLater("/generate", generate("b", 3));
      CompletableFuture<HttpResponse<String>> computed = postLater("/embed", "{\"inputs\":\"a\"}");
      await("the forward pass").until(brake::holdsSomebody);
      CompletableFuture<HttpResponse<String>> queued =
          postLater("/embed", "{\"inputs\":[\"b\",\"c\"]}");
      await("what waits")
          .until(
              () -> {
                decoder.step(1); // what has come is seen between two steps
                return now("diptych_waiting") >= 2 && now("te_queue_size") >= 1;
              });
      assertThat(post("/generate", generate("c", 3)).statusCode()).isEqualTo(429);
      busy.putAll(sums());
      decoder.release();
      brake.release();
      braked = false;
      for (var answer : List.of(running, waiting, computed, queued)) {
        assertThat(answer.join().statusCode()).isEqualTo(200);
      }
    } finally {
      decoder.release();
      if (braked) {
        brake.release();
      }
    }
    for (int i = 0; i < 2; i++) { // the second time from the cache
      assertThat(post("/generate", generate(PROMPT, 40)).statusCode()).isEqualTo(200);
    }
    assertThat(post("/generate", generate("", 3)).statusCode()).isEqualTo(422);
    assertThat(post("/embed", "{\"inputs\":\"\"}").statusCode()).isEqualTo(400);
    assertThat(post("/predict", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(200);
    leaveDuringAGeneration();
    await("the cancelled generation").until(() -> now("diptych_cancelled_total") == 1);

    Map<String, Double> after = sums();
    Set<String> documented = documented();
    assertThat(documented).hasSizeGreaterThan(50);
    for (String name : documented) {
      assertThat(after).as("metrics").containsKey(name);
      if (CONSTANT.contains(name)) {
        assertThat(after.get(name)).as(name).isPositive();
      } else {
        double start = before.getOrDefault(name, 0.0);
        assertThat(
                busy.getOrDefault(name, start) != start || after.getOrDefault(name, start) != start)
            .as("%s moves from %s", name, start)
            .isTrue();
      }
    }
    assertThat(announced(get("/metrics").body())).isSubsetOf(documented);
    assertThat(after.get("diptych_running")).isZero();
    assertThat(after.get("diptych_cache_reserved_tokens")).isZero();
  }

  @Test
  void whatClientsSendMakesNoNewSeries() throws Exception {
    post("/generate", generate("a", 1));
    post("/v1/embeddings", "{\"input\":\"a\",\"model\":\"tiny-encoder\"}");
    post("/nothing/at/all", "{}");
    String page = get("/metrics").body();
    long series = series(page);

    for (int i = 0; i < 20; i++) {
      post("/secret-path-%d".formatted(i), "{}");
      post("/generate/secret-path-%d".formatted(i), "{}");
      post("/v1/embeddings", "{\"input\":\"a\",\"model\":\"secret-model-%d\"}".formatted(i));
    }

    String later = get("/metrics").body();
    assertThat(later).doesNotContain("secret-");
    assertThat(series(later)).isBetween(series, series + 60); // refusals of the endpoints once
    assertThat(later).contains("endpoint=\"other\"");
  }

  @Test
  void tellsWhatBecameOfRequests() throws Exception {
    post("/embed", "{\"inputs\":\"\"}");
    client.send(request("/info").build(), BodyHandlers.ofString()); // without a key

    await()
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .containsPattern(
                        "diptych_request_seconds_count\\{endpoint=\"/embed\",model=\"tiny-encoder\",outcome=\"refused\"}"
                            + " [1-9]")
                    .containsPattern(
                        "diptych_request_seconds_count\\{endpoint=\"/info\",model=\"none\","
                            + "outcome=\"refused\"} [1-9]")
                    .containsPattern("te_request_failure\\{err=\"validation\"} [1-9]"));
  }

  @Test
  void aStreamThatFailsOnItsWayCountsAsFailed() throws Exception {
    decoder.byHand();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String body = generate("never asked so", 50);
      send(socket, "/generate_stream", body);
      decoder.step(2);
      socket.getInputStream().read();
      decoder.failOn(_ -> true);
      decoder.release();
      socket.getInputStream().readAllBytes();
    } finally {
      decoder.failOn(_ -> false);
      decoder.release();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .contains(
                        "diptych_request_seconds_count{endpoint=\"/generate_stream\","
                            + "model=\"tiny-decoder\",outcome=\"failed\"} 1"));
  }

  @Test
  void speaksOpenMetricsToWhoAcceptsIt() throws Exception {
    HttpResponse<String> plain = get("/metrics");
    assertThat(plain.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain")
        .contains("version=0.0.4");

    HttpResponse<String> open =
        client.send(
            request("/metrics")
                .header("accept", "application/openmetrics-text;version=1.0.0")
                .build(),
            BodyHandlers.ofString());
    assertThat(open.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(open.body())
        .contains("tgi_request_count", "diptych_request_seconds")
        .endsWith("# EOF\n");
  }

  @Test
  void theActuatorShowsThemTooToWhoHasAKey() throws Exception {
    post("/generate", generate("a", 1));
    assertThat(names(get("/actuator/prometheus").body()))
        .containsAll(
            names(get("/metrics").body()).stream()
                .filter(name -> name.matches("(diptych|tgi|te)_.*"))
                .toList());
  }

  private static String generate(String prompt, int tokens) {
    return "{\"inputs\":\"%s\",\"parameters\":{\"max_new_tokens\":%d}}".formatted(prompt, tokens);
  }

  private void leaveDuringAGeneration() throws IOException {
    decoder.byHand();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      send(socket, "/generate", generate("and left", 500));
      await("the generation to leave").until(() -> now("diptych_running") == 1);
    }
    await("the departure").until(() -> get("/metrics").body().contains("outcome=\"cancelled\""));
    decoder.release();
  }

  private static void send(Socket socket, String path, String body) throws IOException {
    socket
        .getOutputStream()
        .write(
            "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer key-of-alice\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, body.length(), body)
                .getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> documented() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path page : List.of(Path.of("README.md"), Path.of("docs/metrics.md"))) {
      NAME.matcher(Files.readString(page))
          .results()
          .map(found -> found.group(1))
          .forEach(names::add);
    }
    return names;
  }

  private static List<String> announced(String page) {
    return Pattern.compile("(?m)^# TYPE ((?:diptych|tgi|te)_[a-z_]+) ")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !name.endsWith("_max"))
        .toList();
  }

  private double now(String name) {
    return sums().getOrDefault(name, 0.0);
  }

  private Map<String, Double> sums() {
    try {
      Map<String, Double> sums = new HashMap<>();
      SAMPLE
          .matcher(get("/metrics").body())
          .results()
          .forEach(
              sample -> {
                double value = Double.parseDouble(sample.group(3));
                sums.merge(sample.group(1), value, Double::sum);
                if (sample.group(1).endsWith("_count")) {
                  String histogram = PART.matcher(sample.group(1)).replaceAll("");
                  sums.merge(histogram, value, Double::sum);
                }
              });
      return sums;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> names(String page) {
    Set<String> names = new TreeSet<>();
    SAMPLE.matcher(page).results().map(sample -> sample.group(1)).forEach(names::add);
    return names;
  }

  private static long series(String page) {
    return SAMPLE
        .matcher(page)
        .results()
        .map(MatchResult::group)
        .filter(s -> s.contains("diptych_"))
        .count();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path);
    if (!path.equals("/metrics")) { // which is open
      request.header("authorization", "Bearer key-of-alice");
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest posting(String path, String body) {
    return request(path)
        .header("authorization", "Bearer key-of-alice")
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(posting(path, body), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> postLater(String path, String body) {
    return client.sendAsync(posting(path, body), BodyHandlers.ofString());
  }
}
