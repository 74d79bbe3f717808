package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Answers that stand in a text, against the question-answering pipeline of transformers. */
class QuestionAnswererFixturesTests {

  private static FixtureEncoders fixtures;

  @BeforeAll
  static void start() {
    fixtures = new FixtureEncoders();
  }

  @AfterAll
  static void stop() {
    fixtures.close();
  }

  @TestFactory
  Stream<DynamicTest> answersAreThoseOfTransformers() throws Exception {
    QuestionAnswerer answerer = new QuestionAnswerer(fixtures.open("bert-squad"));
    return TaskReferences.cases("answers-bert-squad").stream()
        .map(one -> test(answerer, one))
        .onClose(answerer::close);
  }

  private static DynamicTest test(QuestionAnswerer answerer, JsonNode one) {
    String context = one.get("context").stringValue();
    Question question = new Question(one.get("question").stringValue(), context);
    return DynamicTest.dynamicTest(
        one.get("options") + " " + context.substring(0, Math.min(20, context.length())),
        () ->
            check(
                one.get("answer"),
                answerer
                    .answer(List.of(question), options(one.get("options")), _ -> {})
                    .getFirst()));
  }

  private static AnswerOptions options(JsonNode given) {
    return new AnswerOptions(
        given.path("top_k").asInt(1),
        integer(given.path("doc_stride")),
        given.path("max_answer_len").asInt(15),
        integer(given.path("max_seq_len")),
        null,
        given.path("handle_impossible_answer").asBoolean(false),
        given.path("align_to_words").asBoolean(true));
  }

  private static @Nullable Integer integer(JsonNode value) {
    return value.isMissingNode() ? null : value.intValue();
  }

  /* Where there are too few spans, the pipeline fills up with some that are none, of score 0. */
  private static void check(JsonNode expected, List<TextAnswer> answers) {
    List<JsonNode> real =
        (expected.isArray() ? expected.valueStream() : Stream.of(expected))
            .filter(answer -> answer.get("score").doubleValue() > 0)
            .toList();
    assertThat(answers).as(expected.toString()).hasSizeGreaterThanOrEqualTo(real.size());
    for (int i = 0; i < real.size(); i++) {
      JsonNode reference = real.get(i);
      TextAnswer answer = answers.get(i);
      assertThat(answer.score())
          .as("%s for %s", answer, reference)
          .isEqualTo(reference.get("score").doubleValue(), within(TaskReferences.TOLERANCE));
      assertThat(answer)
          .isEqualTo(
              new TextAnswer(
                  answer.score(),
                  reference.get("start").intValue(),
                  reference.get("end").intValue(),
                  reference.get("answer").stringValue()));
    }
  }
}
