package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InferenceFailed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Labels of a request, against the zero-shot-classification pipeline of transformers. */
class ZeroShotFixturesTests {

  /** Where the pipeline cuts: {@code model_max_length} of the fixture. */
  private static final int MAX_TOKENS = 512;

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
  Stream<DynamicTest> labelsAreThoseOfTransformers() throws Exception {
    TextClassifier classifier = new TextClassifier(fixtures.open("deberta-nli", MAX_TOKENS));
    ZeroShotClassifier zeroShot = new ZeroShotClassifier(classifier);
    return TaskReferences.cases("zero-shot-deberta-nli").stream()
        .map(one -> test(zeroShot, one))
        .onClose(classifier::close);
  }

  @Test
  void needsAModelThatKnowsEntailment() throws Exception {
    try (TextClassifier classifier = new TextClassifier(fixtures.open("bert-classifier"))) {
      assertThatThrownBy(() -> new ZeroShotClassifier(classifier))
          .isInstanceOf(InferenceFailed.class)
          .hasMessageContaining("its labels are [negative, neutral, positive]");
    }
  }

  private static DynamicTest test(ZeroShotClassifier classifier, JsonNode one) {
    String text = one.get("text").stringValue();
    return DynamicTest.dynamicTest(
        one.get("options") + " " + text.substring(0, Math.min(20, text.length())),
        () ->
            check(
                one.get("answer"),
                classifier
                    .classify(List.of(text, "x"), options(one.get("options")), _ -> {})
                    .getFirst()));
  }

  private static ZeroShotOptions options(JsonNode given) {
    JsonNode labels = given.get("candidate_labels");
    return new ZeroShotOptions(
        labels.isArray()
            ? labels.valueStream().map(JsonNode::stringValue).toList()
            : List.of("weather", "capitals", "dogs"),
        given.has("hypothesis_template")
            ? new HypothesisTemplate(given.get("hypothesis_template").stringValue())
            : HypothesisTemplate.DEFAULT,
        given.path("multi_label").asBoolean(false));
  }

  private static void check(JsonNode expected, List<LabelScore> labels) {
    assertThat(labels.stream().map(LabelScore::label))
        .containsExactlyElementsOf(
            expected.get("labels").valueStream().map(JsonNode::stringValue).toList());
    for (int i = 0; i < labels.size(); i++) {
      assertThat((double) labels.get(i).score())
          .isEqualTo(expected.get("scores").get(i).doubleValue(), within(TaskReferences.TOLERANCE));
    }
  }
}
