package dev.diptych.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The id of each request, in its answer, its log lines and the line of the request log. */
@DoorTest
@ExtendWith(OutputCaptureExtension.class)
class RequestIdTests {

  private static final String KEY = "Authorization: Bearer key-of-alice";
  private static final Pattern ID = Pattern.compile("X-Request-Id: (.*)\r\n");

  @LocalServerPort private int port;

  private String ask(String request, String... headers) throws Exception {
    String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    try (RawClient client = new RawClient(port)) {
      return client
          .send("%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n".formatted(request, further))
          .rest();
    }
  }

  private static List<String> ids(String answer) {
    return ID.matcher(answer).results().map(found -> found.group(1)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /wait?name=id&millis=0",
        "GET /nothing",
        "GET /fault",
        "GET /wait?%zz",
        "PATCH /echo"
      })
  void aClientsOwnIsInEveryAnswer(String request) throws Exception {
    assertThat(ids(ask(request, KEY, "X-Request-Id: Order-7.a_b:c/d+e=f@g")))
        .containsExactly("Order-7.a_b:c/d+e=f@g");
  }

  @Test
  void itIsInWhatIsRefusedBeforeAController() throws Exception {
    assertThat(ids(ask("GET /generate", "X-Request-Id: without-key")))
        .containsExactly("without-key");
    try (RawClient client = new RawClient(port)) {
      String answer = client.head("/echo", 100_001, KEY, "X-Request-Id: large").upTo("\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 413");
      assertThat(ids(answer)).containsExactly("large");
    }
    try (RawClient client = new RawClient(port)) {
      String answer =
          client
              .send(
                  "POST /embed HTTP/1.1\r\nHost: x\r\n%s\r\nX-Request-Id: broken\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
                      .formatted(KEY))
              .rest();
      assertThat(answer).startsWith("HTTP/1.1 400");
      assertThat(ids(answer)).containsExactly("broken");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "a\"b", "a\tb", "ünder", "${jndi:x}", "a\\nb", "<script>", "%0a"})
  void oneThatCannotStandInALogIsReplaced(String given) throws Exception {
    List<String> ids = ids(ask("GET /wait?name=id&millis=0", KEY, "X-Request-Id: " + given));

    assertThat(ids).singleElement().asString().matches("[0-9a-f]{32}");
  }

  @Test
  void oneThatIsTooLongOrMissingIsReplaced() throws Exception {
    assertThat(ids(ask("GET /nothing", KEY, "X-Request-Id: " + "x".repeat(128))))
        .containsExactly("x".repeat(128));
    assertThat(ids(ask("GET /nothing", KEY, "X-Request-Id: " + "x".repeat(129))))
        .singleElement()
        .asString()
        .hasSize(32);
    assertThat(ids(ask("GET /nothing", KEY)))
        .isNotEqualTo(ids(ask("GET /nothing", KEY)))
        .hasSize(1);
  }

  @Test
  void logLinesOfARequestHaveIt(CapturedOutput output) throws Exception {
    ask("GET /fault", KEY, "X-Request-Id: lost-and-found");

    assertThat(line(output, "about to fail")).contains(" lost-and-found ");
    assertThat(line(output, "threw exception")).contains(" lost-and-found ");
  }

  @Test
  void logLinesOutsideOfRequestsHaveNoRoomForOne(CapturedOutput output) {
    org.slf4j.LoggerFactory.getLogger("outside").warn("of any request");

    assertThat(line(output, "of any request")).containsPattern("\\] outside +: of any request");
  }

  @Test
  void aLineTellsOfEachRequestWithoutItsQueryBodyOrKey(CapturedOutput output) throws Exception {
    ask("GET /wait?name=secret-name&millis=0", KEY, "X-Request-Id: told");
    await().until(() -> output.getOut().contains("request told"));

    assertThat(line(output, "request told"))
        .containsPattern("GET /wait 200 success in \\d+ ms, model none, 0 tokens read, 0 written");
    ask("POST /generate", "Authorization: Bearer key-of-eve", "X-Request-Id: told-too");
    await().until(() -> output.getOut().contains("request told-too"));
    assertThat(line(output, "request told-too")).contains("POST /generate 401 refused in");
    assertThat(output.getOut()).doesNotContain("key-of-", "secret-name");
  }

  @Test
  void aFaultCountsAsFailed(CapturedOutput output) throws Exception {
    assertThat(ask("GET /fault", KEY, "X-Request-Id: fault-1")).startsWith("HTTP/1.1 500");
    await().until(() -> output.getOut().contains("request fault-1"));

    assertThat(line(output, "request fault-1")).contains("GET /fault 500 failed in");
  }

  private static String line(CapturedOutput output, String part) {
    Matcher line =
        Pattern.compile("(?m)^.*" + Pattern.quote(part) + ".*$").matcher(output.getOut());
    assertThat(line.find()).as(part).isTrue();
    return line.group();
  }
}
