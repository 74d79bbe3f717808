package dev.diptych.http.huggingface;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that nobody sends in good faith: each is answered or refused, none is a fault. */
@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class FillMaskHostileInputTests {

  @LocalServerPort private int port;

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("lone surrogate", text("[MASK] \\ud800"), 400),
        arguments("NUL", text("[MASK]\\u0000"), 200),
        arguments("a megabyte", text("[MASK] " + "word ".repeat(200_000)), 422),
        arguments("a long word", text("[MASK] " + "x".repeat(7_000)), 422),
        arguments("many masks", text("[MASK] ".repeat(1_000)), 422),
        arguments("deep lists", "{\"inputs\":" + "[".repeat(100_000), 422),
        arguments("many texts", "{\"inputs\":[\"a\"" + ",\"a\"".repeat(400_000) + "]}", 422),
        arguments("null in a list", "{\"inputs\":[null]}", 422),
        arguments("a string", "\"[MASK]\"", 422),
        arguments("no parameters", "{\"inputs\":\"[MASK]\",\"parameters\":null}", 200),
        arguments("parameters of another type", "{\"inputs\":\"[MASK]\",\"parameters\":[]}", 422),
        arguments("unknown fields", "{\"inputs\":\"[MASK]\",\"options\":{\"a\":1}}", 200),
        arguments("negative top_k", parameter("\"top_k\":-1"), 422),
        arguments("top_k beyond int", parameter("\"top_k\":4294967297"), 422),
        arguments("infinite top_k", parameter("\"top_k\":1e999999999"), 422),
        arguments("top_k of 5000 digits", parameter("\"top_k\":" + "9".repeat(5_000)), 400),
        arguments("top_k beyond the vocabulary", parameter("\"top_k\":30523"), 422),
        arguments("true as top_k", parameter("\"top_k\":true"), 422),
        arguments("a number as targets", parameter("\"targets\":5"), 422),
        arguments("null among targets", parameter("\"targets\":[null]"), 422),
        arguments("an empty target", parameter("\"targets\":[\"\"]"), 422),
        arguments("a surrogate as target", parameter("\"targets\":[\"\\ud800\"]"), 400),
        arguments(
            "a long target", parameter("\"targets\":\"%s\"".formatted("x".repeat(9_000))), 422),
        arguments(
            "many targets", parameter("\"targets\":[\"a\"" + ",\"a\"".repeat(400_000) + "]"), 422));
  }

  private static String text(String text) {
    return "{\"inputs\":\"%s\"}".formatted(text);
  }

  private static String parameter(String parameter) {
    return "{\"inputs\":\"[MASK]\",\"parameters\":{%s}}".formatted(parameter);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void answersOrRefuses(String title, String body, int status) throws Exception {
    HttpResponse<String> response = new HttpCaller(port).post("/fill-mask", body);

    assertThat(response.statusCode()).as(title + ": " + response.body()).isEqualTo(status);
    if (status != 200) {
      JsonNode error = new JsonMapper().readTree(response.body());
      assertThat(error.propertyNames()).containsExactly("error", "error_type");
      assertThat(error.get("error").stringValue())
          .hasSizeLessThan(500)
          .doesNotContain("Exception", "java.", "dev.diptych");
    }
  }

  @Test
  void refusesBytesThatAreNotUtf8() throws Exception {
    byte[] body = text("[MASK] \u00ff").getBytes(StandardCharsets.ISO_8859_1);

    HttpResponse<String> response =
        new HttpCaller(port).send("/fill-mask", body, "content-type", "application/json");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
  }
}
