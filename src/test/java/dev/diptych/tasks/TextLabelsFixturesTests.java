package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Labels of texts, against the text-classification pipeline of transformers. */
class TextLabelsFixturesTests {

  private static FixtureEncoders fixtures;

  @BeforeAll
  static void start() {
    fixtures = new FixtureEncoders();
  }

  @AfterAll
  static void stop() {
    fixtures.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-classifier",
        "bert-reranker",
        "deberta-nli",
        "distilbert-classifier",
        "electra-classifier",
        "roberta-classifier"
      })
  void labelsAreThoseOfTransformers(String model) throws Exception {
    try (TextClassifier classifier = new TextClassifier(fixtures.open(model))) {
      for (JsonNode one : TaskReferences.cases("classes-" + model)) {
        Classification classification =
            classifier.classify(
                List.of(input(one.get("input"))), ClassifierOptions.DEFAULT, _ -> {});

        List<LabelScore> labels = labels(one.get("options")).of(classification).getFirst();

        check(one, labels);
      }
    }
  }

  private static ClassifierInput input(JsonNode given) {
    return given.isString()
        ? new ClassifierInput.Text(given.stringValue())
        : new ClassifierInput.Pair(
            given.get("text").stringValue(), given.get("text_pair").stringValue());
  }

  private static TextLabels labels(JsonNode given) {
    return new TextLabels(
        given.get("top_k").isNull() ? null : given.get("top_k").intValue(),
        given.has("function_to_apply")
            ? ScoreFunction.valueOf(
                given.get("function_to_apply").stringValue().toUpperCase(Locale.ROOT))
            : null);
  }

  private static void check(JsonNode one, List<LabelScore> labels) {
    JsonNode expected = one.get("answer");
    assertThat(labels.stream().map(LabelScore::label))
        .as(one.toString())
        .containsExactlyElementsOf(
            expected.valueStream().map(label -> label.get("label").stringValue()).toList());
    for (int i = 0; i < labels.size(); i++) {
      assertThat((double) labels.get(i).score())
          .as(one.toString())
          .isEqualTo(expected.get(i).get("score").doubleValue(), within(TaskReferences.TOLERANCE));
    }
  }
}
