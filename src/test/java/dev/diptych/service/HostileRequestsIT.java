package dev.diptych.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diptych.http.HttpCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that nobody sends in good faith: the service refuses or answers, and lives on. */
class HostileRequestsIT {

  private static final int CONTEXT = 8192;
  private static final String MEGABYTE = "word ".repeat(200_000);
  private static final String LONG_WORD = "x".repeat(10_000);

  private static RunningDiptych running;
  private static Conversation service;
  private static HttpCaller http;

  @BeforeAll
  static void start() {
    running = RunningDiptych.withDefaults();
    service = new Conversation(running);
    http = running.http();
  }

  @AfterEach
  void stillAnswersEverything() throws Exception {
    assertThat(running.isAlive()).isTrue();
    service.generate("The capital of France is", 1, Map.of());
    service.ask("/fill-mask", Map.of("inputs", "The [MASK] sat on the mat."));
    service.ask("/embed", Map.of("inputs", "A cat."));
  }

  static Stream<Arguments> bodies() {
    return Stream.of("/generate", "/generate_stream", "/fill-mask", "/embed")
        .flatMap(
            path ->
                Stream.of(
                    arguments(path, "", 400, "must be a JSON object"),
                    arguments(path, "null", 400, "must be a JSON object"),
                    arguments(path, "{\"inputs\":", 400, "not JSON"),
                    arguments(path, "[]", 422, "must be an object"),
                    arguments(path, "{\"inputs\":null}", 422, "`inputs`"),
                    arguments(path, "{\"inputs\":5}", 422, "`inputs` must be a string"),
                    arguments(path, "{\"inputs\":{\"a\":1}}", 422, "`inputs` must be a string"),
                    arguments(path, "{\"inputs\":NaN}", 400, "not JSON"),
                    arguments(path, "{\"inputs\":1e400}", 422, "`inputs` must be a string"),
                    arguments(path, "[".repeat(100_000), 422, "must be an object"),
                    arguments(
                        path,
                        "{\"other\":%s%s}".formatted("[".repeat(100_000), "]".repeat(100_000)),
                        400,
                        "maximum allowed (500"),
                    arguments(path, inputs(MEGABYTE + MEGABYTE), 413, "limit of 2000000 bytes")));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments(
            "/generate", inputs(MEGABYTE), 422, "less than 8191 tokens. Given: at least 200001"),
        arguments("/generate", inputs("\\ud800"), 400, "half of a surrogate pair"),
        arguments("/generate", inputs(""), 422, "`inputs` cannot be empty"),
        arguments("/generate", parameter("max_new_tokens", 0), 422, "strictly positive"),
        arguments("/generate", parameter("max_new_tokens", CONTEXT), 422, "must be <= 8192"),
        arguments("/generate", parameter("max_new_tokens", "1e400"), 422, "must be an integer"),
        arguments("/generate", parameter("max_new_tokens", 1L << 40), 422, "out of range"),
        arguments("/generate", parameter("temperature", "NaN"), 400, "not JSON"),
        arguments("/generate", parameter("temperature", "1e400"), 422, "strictly positive"),
        arguments(
            "/generate",
            parameter("top_p", "1e400"),
            422,
            "`top_p` must be > 0.0 and <= 1.0. Given: Infinity"),
        arguments(
            "/generate",
            parameter("top_k", -1),
            422,
            "`top_k` must be positive, or 0 for all tokens. Given: -1"),
        arguments(
            "/generate",
            parameter("seed", -1),
            422,
            "`seed` must be >= 0 and <= 18446744073709551615. Given: -1"),
        arguments("/generate", parameter("truncate", 99_999), 422, "less than 8191"),
        arguments("/generate", parameter("best_of", 100), 422, "must use sampling"),
        arguments(
            "/generate",
            "{\"inputs\":\"a\",\"parameters\":{\"do_sample\":true,\"best_of\":100}}",
            422,
            "<= 8. Given: 100"),
        arguments("/generate", parameter("top_n_tokens", 100), 422, "<= 20. Given: 100"),
        arguments("/fill-mask", inputs(MEGABYTE + "[MASK]"), 422, "at most 128000 characters"),
        arguments(
            "/fill-mask",
            inputs("word ".repeat(600) + "[MASK]"),
            422,
            "at most 512 tokens. Given: at least 601"),
        arguments("/fill-mask", inputs("[MASK] ".repeat(100)), 422, "at most 64 mask tokens"),
        arguments("/fill-mask", inputs(LONG_WORD + " [MASK]"), 200, "score"),
        arguments("/fill-mask", inputs("\\ud800 [MASK]"), 400, "half of a surrogate pair"),
        arguments("/fill-mask", inputs("a\\u0000b [MASK]"), 200, "score"),
        arguments("/fill-mask", masked("\"top_k\":1000000"), 422, "at most 30522"),
        arguments("/fill-mask", masked("\"top_k\":1e400"), 422, "must be an integer"),
        arguments("/fill-mask", masked("\"targets\":[5]"), 422, "must be a string"),
        arguments("/embed", "{\"inputs\":[30522]}", 422, "30522 entries (0 to 30521)"),
        arguments("/embed", "{\"inputs\":[-1]}", 422, "token id -1"),
        arguments("/embed", "{\"inputs\":[2147483647]}", 422, "token id 2147483647"),
        arguments("/embed", "{\"inputs\":[1e400]}", 422, "list of token ids"),
        arguments("/embed", inputs(""), 400, "cannot be empty"),
        arguments("/embed", inputs(LONG_WORD), 200, "[["),
        arguments("/embed", inputs(MEGABYTE), 200, "[["),
        arguments("/embed", inputs("\\udc00\\ud800"), 400, "half of a surrogate pair"),
        arguments("/embed", inputs("a\\u0000b"), 200, "[["),
        arguments("/embed", "{\"inputs\":\"a\",\"dimensions\":385}", 422, "at most 384"),
        arguments(
            "/embed",
            "{\"inputs\":[1037%s],\"truncate\":false}".formatted(",1037".repeat(256)),
            422,
            "at most 256 tokens. Given: at least 257"),
        arguments(
            "/embed",
            "{\"inputs\":[\"a\"%s]}".formatted(",\"a\"".repeat(32)),
            422,
            "batch size 32"),
        arguments("/decode", "{\"ids\":[30522]}", 422, "30522"));
  }

  private static String inputs(String text) {
    return "{\"inputs\":\"%s\"}".formatted(text);
  }

  private static String parameter(String name, Object value) {
    return "{\"inputs\":\"Hi\",\"parameters\":{\"%s\":%s}}".formatted(name, value);
  }

  private static String masked(String parameters) {
    return "{\"inputs\":\"[MASK]\",\"parameters\":{%s}}".formatted(parameters);
  }

  @ParameterizedTest(name = "{0} {2} {3}")
  @MethodSource({"bodies", "values"})
  void saysWhatIsWrongAndTheLimit(String path, String body, int status, String message)
      throws Exception {
    HttpResponse<String> response = http.post(path, body);

    assertThat(response.statusCode()).as(shortened(response.body())).isEqualTo(status);
    assertThat(response.body()).contains(message).doesNotContain("dev.diptych.", "java.");
    if (status != 200) {
      assertThat(response.body()).hasSizeLessThan(500);
    }
  }

  private static String shortened(String body) {
    return body.substring(0, Math.min(300, body.length()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/generate", "/generate_stream", "/fill-mask", "/embed"})
  void refusesBytesThatAreNotUtf8(String path) throws Exception {
    for (String bytes : new String[] {"\u00ff", "\u0080", "\u00ed\u00a0\u0080"}) {
      HttpResponse<String> response =
          http.send(
              path,
              inputs(bytes + " [MASK]").getBytes(StandardCharsets.ISO_8859_1),
              "content-type",
              "application/json");

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("UTF-8");
    }
  }

  @Test
  void continuesATextWithACharacterOfNoMeaning() throws Exception {
    HttpResponse<String> response =
        http.post("/generate", "{\"inputs\":\"a\\u0000b\",\"parameters\":{\"max_new_tokens\":2}}");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void continuesAWordOfTenThousandCharacters() throws Exception {
    assertThat(service.generate(LONG_WORD, 1, Map.of()).has("generated_text")).isTrue();
  }

  @Test
  void takesAPromptUpToTheContextAndNotOneTokenMore() throws Exception {
    HttpResponse<String> more =
        http.post(
            "/generate",
            """
            {"inputs": "%s", "parameters": {"max_new_tokens": 2}}
            """
                .formatted(" a".repeat(CONTEXT - 1)));
    assertThat(more.statusCode()).isEqualTo(422);
    assertThat(more.body()).contains("<= 8192", "8191 `inputs` tokens and 2 `max_new_tokens`");

    assertThat(
            service
                .generate(" a".repeat(CONTEXT - 1), 1, Map.of())
                .at("/details/generated_tokens")
                .asInt())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /generate, 405",
    "GET /embed, 405",
    "DELETE /fill-mask, 405",
    "BREW /embed, 405",
    "TRACE /, 405",
    "GET /nothing, 404",
    "POST /nothing, 404",
    "GET /../etc/passwd, 400",
    "GET /%2e%2e/%2e%2e/etc/passwd, 400",
    "GET /%00, 400",
  })
  void refusesOtherMethodsAndPaths(String request, int status) throws Exception {
    assertThat(raw(request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status);
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        arguments("a long header", "GET /health", "X: " + "a".repeat(100_000), 400),
        arguments("many headers", "GET /health", "X: a\r\n".repeat(1000) + "Y: b", 400),
        arguments("a negative length", "POST /embed", "Content-Length: -5", 400),
        arguments("a huge length", "POST /embed", "Content-Length: 99999999999999", 413),
        arguments("two lengths", "POST /embed", "Content-Length: 5\r\nContent-Length: 6", 400),
        arguments("chunks that are none", "POST /embed", "Transfer-Encoding: chunked", 400));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("heads")
  void refusesHeadersThatAreTooMuch(String title, String request, String header, int status)
      throws Exception {
    String json = "Content-Type: application/json\r\n";

    assertThat(raw(request + " HTTP/1.1\r\nHost: x\r\n" + json + header + "\r\n\r\nZZZ\r\nabc\r\n"))
        .as(title)
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void refusesWhatIsNotHttp() throws Exception {
    assertThat(raw("\u0016\u0003\u0001\u0002\r\n\r\n")).startsWith("HTTP/1.1 400");
  }

  /** The beginning of the answer to bytes that no client would send. */
  private static String raw(String bytes) throws IOException {
    try (Socket socket = new Socket("localhost", running.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      InputStream answer = socket.getInputStream();
      return new String(answer.readNBytes(12), StandardCharsets.ISO_8859_1);
    }
  }
}
