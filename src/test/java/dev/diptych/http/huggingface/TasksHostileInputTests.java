package dev.diptych.http.huggingface;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that nobody sends in good faith: each is answered or refused, none is a fault. */
@SpringBootTest(
    classes = HuggingFaceTestApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "springdoc.api-docs.enabled=false")
class TasksHostileInputTests {

  private static final String TAG = "/token-classification";
  private static final String ANSWER = "/question-answering";

  @LocalServerPort private int port;

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments(TAG, "lone surrogate", tag("a \\ud800", ""), 400),
        arguments(TAG, "NUL", tag("a\\u0000", ""), 200),
        arguments(TAG, "a space", tag(" ", ""), 200),
        arguments(TAG, "a megabyte", tag("word ".repeat(200_000), ""), 200),
        arguments(TAG, "a megabyte in windows", tag("word ".repeat(200_000), "\"stride\":0"), 422),
        arguments(TAG, "no space", tag("x".repeat(7_000), "\"stride\":29"), 422),
        arguments(TAG, "a large stride", tag("a", "\"stride\":2147483647"), 422),
        arguments(TAG, "a stride beyond int", tag("a", "\"stride\":4294967297"), 422),
        arguments(TAG, "a null stride", tag("a", "\"stride\":null"), 200),
        arguments(TAG, "deep lists", "{\"inputs\":" + "[".repeat(100_000), 422),
        arguments(TAG, "many texts", "{\"inputs\":[\"a\"" + ",\"a\"".repeat(400_000) + "]}", 422),
        arguments(TAG, "null in a list", "{\"inputs\":[null]}", 422),
        arguments(TAG, "a string", "\"a\"", 422),
        arguments(TAG, "no parameters", "{\"inputs\":\"a\",\"parameters\":null}", 200),
        arguments(TAG, "unknown fields", "{\"inputs\":\"a\",\"options\":{\"a\":1}}", 200),
        arguments(
            TAG, "many labels", tag("a", "\"ignore_labels\":[\"O\"" + labels(2_000) + "]"), 422),
        arguments(
            TAG,
            "repeated labels",
            tag("a", "\"ignore_labels\":[\"O\"" + ",\"O\"".repeat(2_000) + "]"),
            200),
        arguments(TAG, "a number as strategy", tag("a", "\"aggregation_strategy\":1"), 422),
        arguments(TAG, "a number as model", "{\"inputs\":\"a\",\"model\":5}", 422),
        arguments(
            TAG,
            "a long model",
            "{\"inputs\":\"a\",\"model\":\"%s\"}".formatted("x".repeat(9_000)),
            422),
        arguments(ANSWER, "lone surrogate", answer("\\ud800", "a", ""), 400),
        arguments(ANSWER, "NUL", answer("\\u0000", "a\\u0000", ""), 200),
        arguments(ANSWER, "spaces", answer(" ", " ", ""), 200),
        arguments(ANSWER, "a long question", answer("word ".repeat(200_000), "a", ""), 422),
        arguments(ANSWER, "a long context", answer("a", "word ".repeat(200_000), ""), 422),
        arguments(
            ANSWER,
            "a long question that is cut",
            answer("word ".repeat(200), "a", "\"max_question_len\":2147483647"),
            422),
        arguments(
            ANSWER,
            "many windows",
            answer("a", "word ".repeat(1_000), "\"max_seq_len\":5,\"doc_stride\":0"),
            422),
        arguments(
            ANSWER,
            "all candidates of all windows",
            answer("a", "x".repeat(3_000), "\"top_k\":1000,\"max_answer_len\":2147483647"),
            422),
        arguments(
            ANSWER,
            "long answers",
            answer("a", "dog ".repeat(60), "\"max_answer_len\":2147483647"),
            200),
        arguments(ANSWER, "a large window", answer("a", "b", "\"max_seq_len\":2147483647"), 422),
        arguments(ANSWER, "a large stride", answer("a", "b", "\"doc_stride\":2147483647"), 422),
        arguments(ANSWER, "no window", answer("a", "b", "\"max_seq_len\":-2147483648"), 422),
        arguments(ANSWER, "deep lists", "{\"inputs\":" + "[".repeat(100_000), 422),
        arguments(ANSWER, "deep objects", "{\"inputs\":" + "{\"question\":".repeat(100_000), 422),
        arguments(
            ANSWER,
            "many questions",
            "{\"inputs\":[{}" + ",{\"question\":\"a\",\"context\":\"b\"}".repeat(20_000) + "]}",
            422),
        arguments(ANSWER, "null in a list", "{\"inputs\":[null]}", 422),
        arguments(ANSWER, "null texts", "{\"inputs\":{\"question\":null,\"context\":null}}", 422),
        arguments(ANSWER, "a number as context", "{\"inputs\":{\"context\":1}}", 422));
  }

  private static String labels(int count) {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < count; i++) {
      labels.append(",\"label ").append(i).append('"');
    }
    return labels.toString();
  }

  private static String tag(String text, String parameter) {
    return "{\"inputs\":\"%s\",\"parameters\":{%s}}".formatted(text, parameter);
  }

  private static String answer(String question, String context, String parameter) {
    return "{\"inputs\":{\"question\":\"%s\",\"context\":\"%s\"},\"parameters\":{%s}}"
        .formatted(question, context, parameter);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("bodies")
  void answersOrRefuses(String path, String title, String body, int status) throws Exception {
    HttpResponse<String> response = new HttpCaller(port).post(path, body);

    String start = response.body().substring(0, Math.min(300, response.body().length()));
    assertThat(response.statusCode()).as(title + ": " + start).isEqualTo(status);
    if (status != 200) {
      JsonNode error = new JsonMapper().readTree(response.body());
      assertThat(error.propertyNames()).containsExactly("error", "error_type");
      assertThat(error.get("error").stringValue())
          .hasSizeLessThan(500)
          .doesNotContain("Exception", "java.", "dev.diptych");
    }
  }
}
