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
  private static final String CLASSIFY = "/text-classification";
  private static final String ZERO_SHOT = "/zero-shot-classification";
  private static final String EXTRACT = "/feature-extraction";
  private static final String SIMILARITY = "/sentence-similarity";

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
        arguments(ANSWER, "a number as context", "{\"inputs\":{\"context\":1}}", 422),
        arguments(CLASSIFY, "a megabyte", classify("word ".repeat(200_000), ""), 200),
        arguments(CLASSIFY, "lone surrogate", classify("\\ud800", ""), 400),
        arguments(CLASSIFY, "a large top_k", classify("a", "\"top_k\":2147483647"), 200),
        arguments(CLASSIFY, "top_k beyond int", classify("a", "\"top_k\":2147483648"), 422),
        arguments(CLASSIFY, "a negative top_k", classify("a", "\"top_k\":-1"), 422),
        arguments(
            CLASSIFY, "another function", classify("a", "\"function_to_apply\":\"tanh\""), 422),
        arguments(CLASSIFY, "deep lists", "{\"inputs\":" + "[".repeat(100_000), 422),
        arguments(CLASSIFY, "lists in a list", "{\"inputs\":[[\"a\",\"b\"]]}", 422),
        arguments(CLASSIFY, "an empty object", "{\"inputs\":{}}", 422),
        arguments(CLASSIFY, "null in a list", "{\"inputs\":[null]}", 422),
        arguments(CLASSIFY, "many", "{\"inputs\":[{}" + ",{}".repeat(20_000) + "]}", 422),
        arguments(ZERO_SHOT, "no parameters", "{\"inputs\":\"a\"}", 422),
        arguments(ZERO_SHOT, "no labels", zeroShot("\"candidate_labels\":[]"), 422),
        arguments(ZERO_SHOT, "commas for labels", zeroShot("\"candidate_labels\":\" ,, \""), 422),
        arguments(ZERO_SHOT, "null for labels", zeroShot("\"candidate_labels\":null"), 422),
        arguments(ZERO_SHOT, "null as a label", zeroShot("\"candidate_labels\":[null]"), 422),
        arguments(
            ZERO_SHOT,
            "many labels",
            zeroShot("\"candidate_labels\":\"%s\"".formatted("a,".repeat(1_025))),
            422),
        arguments(
            ZERO_SHOT,
            "many labels of several texts",
            "{\"inputs\":[\"a\",\"b\"],\"parameters\":{\"candidate_labels\":\"%s\"}}"
                .formatted("a,".repeat(513)),
            422),
        arguments(
            ZERO_SHOT,
            "a long label",
            zeroShot("\"candidate_labels\":[\"%s\"]".formatted("x".repeat(1_001))),
            422),
        arguments(
            ZERO_SHOT,
            "a hypothesis that does not fit",
            zeroShot("\"candidate_labels\":[\"%s\"]".formatted("word ".repeat(60))),
            422),
        arguments(
            ZERO_SHOT,
            "a template of braces",
            zeroShot(
                "\"candidate_labels\":[\"a\"],\"hypothesis_template\":\"%s\""
                    .formatted("{".repeat(999))),
            422),
        arguments(
            ZERO_SHOT,
            "a label like a template",
            zeroShot("\"candidate_labels\":[\"{} $1 \\\\\"]"),
            200),
        arguments(
            EXTRACT, "a megabyte", "{\"inputs\":\"%s\"}".formatted("word ".repeat(200_000)), 200),
        arguments(EXTRACT, "base64", "{\"inputs\":\"a\",\"encoding_format\":\"base64\"}", 422),
        arguments(EXTRACT, "many dimensions", "{\"inputs\":\"a\",\"dimensions\":9}", 422),
        arguments(EXTRACT, "an unknown prompt", "{\"inputs\":\"a\",\"prompt_name\":\"b\"}", 422),
        arguments(EXTRACT, "numbers", "{\"inputs\":[5]}", 422),
        arguments(SIMILARITY, "a list", "{\"inputs\":[\"a\"]}", 422),
        arguments(SIMILARITY, "no sentences", similarity("[]"), 422),
        arguments(
            SIMILARITY, "many sentences", similarity("[\"a\"" + ",\"a\"".repeat(8) + "]"), 422),
        arguments(SIMILARITY, "an empty sentence", similarity("[\"\"]"), 422),
        arguments(SIMILARITY, "null in the list", similarity("[null]"), 422));
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

  private static String classify(String text, String parameter) {
    return tag(text, parameter);
  }

  private static String zeroShot(String parameters) {
    return tag("a", parameters);
  }

  private static String similarity(String sentences) {
    return "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":%s}}".formatted(sentences);
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
