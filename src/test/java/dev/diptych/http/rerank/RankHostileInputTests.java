package dev.diptych.http.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Bodies that nobody sends in good faith: each is answered or refused, none is a fault. */
@SpringBootTest(
    classes = RankTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class RankHostileInputTests {

  @LocalServerPort private int port;

  static Stream<Arguments> bodies() {
    String megabyte = "word ".repeat(200_000);
    return Stream.of(
        arguments("a lone surrogate as query", body("\\ud800", "\"a\""), 400),
        arguments("a lone surrogate in a document", body("a", "\"\\udc00\""), 400),
        arguments(
            "a lone surrogate beside a text", body("a", "{\"x\":\"\\ud800\",\"text\":\"\"}"), 400),
        arguments("NUL", body("\\u0000", "\"\\u0000\""), 200),
        arguments("only spaces", body("  ", "\"  \""), 200),
        arguments("a megabyte as query", body(megabyte, "\"a\""), 200),
        arguments("a megabyte as document", body("a", "\"%s\"".formatted(megabyte)), 200),
        arguments("many empty documents", body("a", "\"\"" + ",\"\"".repeat(999)), 200),
        arguments("too many documents", body("a", "\"\"" + ",\"\"".repeat(1000)), 400),
        arguments("far too many documents", body("a", "\"\"" + ",\"\"".repeat(90_000)), 400),
        arguments("many empty objects", body("a", "{}" + ",{}".repeat(90_000)), 400),
        arguments("deep lists", body("a", "[".repeat(100_000) + "]".repeat(100_000)), 400),
        arguments(
            "a deep field beside a text",
            body("a", "{\"x\":%s,\"text\":\"a\"}".formatted("[".repeat(2000) + "]".repeat(2000))),
            400),
        arguments("a text twice", body("a", "{\"text\":\"b\",\"text\":\"c\"}"), 200),
        arguments("an open object", "{\"query\":\"a\",\"documents\":[{\"text\":\"a\"", 400),
        arguments("an open list", "{\"query\":\"a\",\"documents\":[\"a\"", 400),
        arguments("a number of 5000 digits", number("9".repeat(5_000)), 400),
        arguments("an infinite number", number("1e999999999"), 400),
        arguments("a number beyond int", number("4294967297"), 400),
        arguments("a list", "[]", 400),
        arguments("a string", "\"query\"", 400),
        arguments("NaN", number("NaN"), 400),
        arguments("nothing", "", 400));
  }

  private static String body(String query, String documents) {
    return "{\"query\":\"%s\",\"documents\":[%s]}".formatted(query, documents);
  }

  private static String number(String topN) {
    return "{\"query\":\"a\",\"documents\":[\"a\"],\"top_n\":%s}".formatted(topN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void answersOrRefuses(String title, String body, int status) throws Exception {
    for (String path : new String[] {"/v1/rerank", "/v2/rerank"}) {
      HttpResponse<String> response = new HttpCaller(port).post(path, body);

      String text = response.body();
      assertThat(response.statusCode())
          .as("%s: %s", title, text.substring(0, Math.min(300, text.length())))
          .isEqualTo(status);
      assertThat(text).doesNotContain("Exception", "java.", "dev.diptych");
      if (status != 200) {
        assertThat(text).startsWith("{").hasSizeLessThan(500);
      }
    }
  }
}
