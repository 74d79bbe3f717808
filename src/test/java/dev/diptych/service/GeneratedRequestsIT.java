package dev.diptych.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.http.HttpCaller;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Generated requests are answered or refused, none with a failure of the service. {@code
 * -Ddiptych.requests=100000} sends so many, {@code -Ddiptych.requests.first=4711} begins with
 * another seed.
 */
class GeneratedRequestsIT {

  private static final int SHORT = 2000;
  private static final int CLIENTS = 4;
  private static final int PATIENCE_MILLIS = 120_000;
  private static final int KEPT = 50;

  private static RunningDiptych service;

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentSkipListMap<Integer, Integer> statuses = new ConcurrentSkipListMap<>();

  /** A status, and the body behind the head as it came. */
  private record Answer(int status, String type, String body) {

    static Answer of(String bytes) {
      int end = bytes.indexOf("\r\n\r\n");
      if (!bytes.startsWith("HTTP/1.1 ") || end < 0) {
        return new Answer(0, "", bytes);
      }
      String head = bytes.substring(0, end).toLowerCase(Locale.ROOT);
      int type = head.indexOf("\r\ncontent-type:");
      return new Answer(
          Integer.parseInt(bytes.substring(9, 12)),
          type < 0 ? "" : head.substring(type + 15).strip().lines().findFirst().orElse(""),
          bytes.substring(end + 4));
    }
  }

  @BeforeAll
  static void start() throws IOException {
    String checkpoints = "src/test/resources/checkpoints/";
    String families = "src/test/resources/families/";
    service =
        RunningDiptych.start(
                "generated-requests",
                "diptych.models.generate=" + checkpoints + "llama-tied",
                "diptych.models.fill-mask=" + checkpoints + "bert",
                "diptych.models.embed=" + checkpoints + "bert",
                "diptych.models.tag=" + families + "roberta-ner",
                "diptych.models.answer=" + families + "bert-squad",
                "diptych.models.classify=" + families + "deberta-nli",
                "diptych.models.precision=float32")
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void areAnsweredOrRefused() throws Exception {
    long first = Long.getLong("diptych.requests.first", 0);
    long end = first + Integer.getInteger("diptych.requests", SHORT);
    AtomicLong next = new AtomicLong(first);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(
            () -> {
              for (long seed = next.getAndIncrement();
                  seed < end && failures.size() < KEPT && service.isAlive();
                  seed = next.getAndIncrement()) {
                send(seed);
              }
            });
      }
    }

    System.out.println("%d requests: %s".formatted(end - first, new TreeMap<>(statuses)));
    assertThat(failures).isEmpty();
    assertThat(service.isAlive()).isTrue();
    assertThat(statuses.keySet()).contains(200, 400, 404, 405, 415, 422);
    HttpCaller http = service.http();
    assertThat(http.get("/health").statusCode()).isEqualTo(200);
    assertThat(http.post("/embed", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(200);
    assertThat(
            http.post("/generate", "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":1}}")
                .statusCode())
        .isEqualTo(200);
  }

  private void send(long seed) {
    GeneratedRequest request = GeneratedRequest.of(seed);
    try (Socket socket = new Socket("localhost", service.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request.bytes());
      if (!request.whole()) {
        socket.shutdownOutput();
      }
      check(seed, request, Answer.of(new String(socket.getInputStream().readAllBytes(), UTF_8)));
    } catch (SocketTimeoutException e) {
      failures.add("seed %d, %s: no answer".formatted(seed, request.line()));
    } catch (IOException e) {
      if (request.whole()) { // a connection that is reset before the answer was read
        statuses.merge(-1, 1, Integer::sum);
      }
    }
  }

  private void check(long seed, GeneratedRequest request, Answer answer) {
    statuses.merge(answer.status(), 1, Integer::sum);
    String problem = problem(request, answer);
    if (problem != null) {
      failures.add(
          "seed %d, %s: %s: %d %s %s"
              .formatted(
                  seed,
                  request.line(),
                  problem,
                  answer.status(),
                  answer.type(),
                  answer.body().substring(0, Math.min(300, answer.body().length()))));
    }
  }

  private static @Nullable String problem(GeneratedRequest request, Answer answer) {
    if (answer.status() == 0) {
      return request.whole() ? "no HTTP" : null;
    }
    if (answer.status() >= 500 && answer.status() != 503 && answer.status() != 501) {
      return "failed";
    }
    if (answer.body().contains("dev.diptych.") || answer.body().contains("java.lang.")) {
      return "names classes";
    }
    boolean json = answer.type().contains("json");
    if (answer.status() >= 400 && json && !request.line().startsWith("HEAD")) {
      return isJson(answer.body()) ? null : "no JSON";
    }
    return null;
  }

  private static boolean isJson(String body) {
    String content = body.matches("(?s)[0-9a-fA-F]+\r\n.*") ? unchunked(body) : body;
    try {
      return JsonMapper.shared().readTree(content).isObject();
    } catch (JacksonException _) {
      return false;
    }
  }

  private static String unchunked(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    StringBuilder content = new StringBuilder();
    int at = 0;
    while (at < bytes.length) {
      String rest = new String(bytes, at, bytes.length - at, ISO_8859_1);
      int size = Integer.parseInt(rest.substring(0, rest.indexOf('\r')), 16);
      int from = at + rest.indexOf('\n') + 1;
      content.append(new String(bytes, from, size, UTF_8));
      at = size == 0 ? bytes.length : from + size + 2;
    }
    return content.toString();
  }
}
