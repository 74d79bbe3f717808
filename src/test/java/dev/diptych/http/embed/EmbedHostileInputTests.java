package dev.diptych.http.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diptych.http.HttpCaller;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Bodies that nobody sends in good faith: each is answered or refused, none is a fault. */
@SpringBootTest(
    classes = EmbedTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class EmbedHostileInputTests {

  @LocalServerPort private int port;

  static Stream<Arguments> bodies() {
    String megabyte = "word ".repeat(200_000);
    String longWord = "x".repeat(10_000);
    return Stream.of(
        arguments("lone high surrogate", "/embed", "{\"inputs\":\"a \\ud800 b\"}", 400),
        arguments("lone surrogate in a name", "/embed", "{\"\\ude00\":1,\"inputs\":\"a\"}", 400),
        arguments(
            "lone surrogate in an unknown field",
            "/embed",
            "{\"inputs\":\"a\",\"x\":[{\"y\":\"\\ud83dx\"}]}",
            400),
        arguments(
            "lone surrogate as a prompt",
            "/embed",
            "{\"inputs\":\"a\",\"prompt_name\":\"\\ud83d\"}",
            400),
        arguments("lone low surrogate", "/tokenize", "{\"inputs\":\"\\udc00\"}", 400),
        arguments("NUL", "/embed", "{\"inputs\":\"a\\u0000b\"}", 200),
        arguments("only NUL", "/embed_all", "{\"inputs\":\"\\u0000\"}", 200),
        arguments("only spaces", "/embed", "{\"inputs\":\"   \"}", 200),
        arguments("a raw control character", "/embed", "{\"inputs\":\"a\u0001\"}", 400),
        arguments("a megabyte, cut", "/embed", text(megabyte), 200),
        arguments(
            "a megabyte, not cut",
            "/embed",
            "{\"inputs\":\"%s\",\"truncate\":false}".formatted(megabyte),
            422),
        arguments("a megabyte of tokens", "/tokenize", text(megabyte), 422),
        arguments("a long word", "/embed", text(longWord), 200),
        arguments("a long word in tokens", "/tokenize", text(longWord), 200),
        arguments("deep lists", "/embed", text(0, "[", 100_000, "]"), 422),
        arguments("deep objects", "/embed", text(1, "{\"a\":", 100_000, "}"), 400),
        arguments(
            "many empty lists", "/embed", "{\"inputs\":[[]" + ",[]".repeat(90_000) + "]}", 422),
        arguments("many ids", "/embed", "{\"inputs\":[1" + ",1".repeat(190_000) + "]}", 200),
        arguments(
            "many ids to decode", "/decode", "{\"ids\":[1" + ",1".repeat(190_000) + "]}", 422),
        arguments("more values than a body may have", "/embed", values(200_001), 400),
        arguments("a number of 5000 digits", "/embed", number("9".repeat(5_000)), 400),
        arguments("an infinite number", "/embed", number("1e999999999"), 422),
        arguments("a number beyond int", "/embed", number("4294967297"), 422),
        arguments("an infinite id", "/embed", "{\"inputs\":[1e999999999]}", 422),
        arguments("a negative id", "/embed", "{\"inputs\":[-1]}", 422),
        arguments("a negative id to decode", "/decode", "{\"ids\":[-1]}", 422),
        arguments("an unknown id to decode", "/decode", "{\"ids\":[2147483647]}", 422),
        arguments("an empty list of ids", "/embed", "{\"inputs\":[[]]}", 400),
        arguments("an empty text of several", "/embed", "{\"inputs\":[\"a\",\"\"]}", 400),
        arguments("null in a list", "/embed", "{\"inputs\":[null]}", 422),
        arguments(
            "null among sentences",
            "/similarity",
            "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[null]}}",
            422),
        arguments("null among texts", "/tokenize", "{\"inputs\":[null]}", 422),
        arguments("a number as text", "/tokenize", "{\"inputs\":5}", 422),
        arguments("a string", "/embed", "\"inputs\"", 422),
        arguments("a number", "/embed", "5", 422),
        arguments("two values", "/embed", "{\"inputs\":\"a\"}}", 400),
        arguments("a field twice", "/embed", "{\"inputs\":5,\"inputs\":\"a\"}", 422),
        arguments("NaN", "/embed", "{\"inputs\":[NaN]}", 400),
        arguments(
            "a lone surrogate in a pair", "/predict", "{\"inputs\":[\"a\",\"\\ud800\"]}", 400),
        arguments("a megabyte to classify", "/predict", text(megabyte), 200),
        arguments(
            "a megabyte in a pair",
            "/predict",
            "{\"inputs\":[\"%s\",\"%s\"]}".formatted(longWord, megabyte),
            200),
        arguments(
            "a megabyte to classify, not cut",
            "/predict",
            "{\"inputs\":\"%s\",\"truncate\":false}".formatted(megabyte),
            422),
        arguments(
            "too many texts to classify",
            "/predict",
            "{\"inputs\":[[\"a\"]" + ",[\"a\"]".repeat(90_000) + "]}",
            422),
        arguments("null to classify", "/predict", "{\"inputs\":[null]}", 422),
        arguments(
            "deep lists to classify",
            "/predict",
            "{\"inputs\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
            422),
        arguments("an open list to classify", "/predict", "{\"inputs\":[[\"a\"", 400),
        arguments(
            "a megabyte as query",
            "/rerank",
            "{\"query\":\"%s\",\"texts\":[\"a\",\"b\"]}".formatted(megabyte),
            200),
        arguments(
            "too many texts to rank",
            "/rerank",
            "{\"query\":\"a\",\"texts\":[\"a\"" + ",\"a\"".repeat(190_000) + "]}",
            422),
        arguments(
            "a lone surrogate to rank",
            "/rerank",
            "{\"query\":\"\\udc00\",\"texts\":[\"a\"]}",
            400),
        arguments(
            "a query that would stand in too many pairs",
            "/rerank",
            "{\"query\":\"%s\",\"texts\":[\"a\"%s]}"
                .formatted("word ".repeat(300), ",\"a\"".repeat(999)),
            422),
        arguments("a megabyte as sparse vector", "/embed_sparse", text(megabyte), 200),
        arguments(
            "too many texts as sparse vectors",
            "/embed_sparse",
            "{\"inputs\":[\"a\"" + ",\"a\"".repeat(190_000) + "]}",
            422),
        arguments(
            "a lone surrogate as sparse vector", "/embed_sparse", "{\"inputs\":\"\\udc00\"}", 400),
        arguments(
            "too many texts",
            "/embed",
            "{\"inputs\":[\"a\"" + ",\"a\"".repeat(190_000) + "]}",
            422));
  }

  private static String values(int count) {
    return "{\"other\":[0%s],\"inputs\":\"a\"}".formatted(",0".repeat(count));
  }

  private static String text(String text) {
    return "{\"inputs\":\"%s\"}".formatted(text);
  }

  private static String text(int extra, String open, int depth, String close) {
    return "{\"%s\":%s1%s}"
        .formatted(extra == 0 ? "inputs" : "other", open.repeat(depth), close.repeat(depth));
  }

  private static String number(String dimensions) {
    return "{\"inputs\":\"a\",\"dimensions\":%s}".formatted(dimensions);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void answersOrRefuses(String title, String path, String body, int status) throws Exception {
    HttpResponse<String> response = new HttpCaller(port).post(path, body);

    assertThat(response.statusCode()).as(shortened(title, response)).isEqualTo(status);
    assertThat(response.body()).doesNotContain("Exception", "java.", "dev.diptych");
    if (status != 200) {
      assertThat(response.body()).hasSizeLessThan(500);
    }
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void refusesBytesThatAreNotUtf8(byte[] bytes) throws Exception {
    byte[] body = "{\"inputs\":\"????\"}".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, body, body.length - 2 - bytes.length, bytes.length);

    HttpResponse<String> response =
        new HttpCaller(port).send("/embed", body, "content-type", "application/json");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
  }

  static Stream<byte[]> notUtf8() {
    return Stream.of(
        new byte[] {(byte) 0xff},
        new byte[] {(byte) 0x80},
        new byte[] {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80});
  }

  @Test
  void refusesContentTypesThatCannotBeRead() throws Exception {
    HttpResponse<String> response =
        new HttpCaller(port)
            .send(
                "/embed",
                "{}".getBytes(StandardCharsets.UTF_8),
                "content-type",
                "not a media type");

    assertThat(response.statusCode()).isEqualTo(415);
  }

  private static String shortened(String title, HttpResponse<String> response) {
    String body = response.body();
    return "%s: %s".formatted(title, body.substring(0, Math.min(300, body.length())));
  }
}
