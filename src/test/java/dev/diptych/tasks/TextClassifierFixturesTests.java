package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.encoding.HeadedEncoder;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Classifiers from text to logits, against what transformers computes of the same texts. */
class TextClassifierFixturesTests {

  private static final double TOLERANCE = 1e-4;

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
        "modernbert-reranker",
        "roberta-classifier",
        "xlm-roberta-reranker"
      })
  void textsAndPairsInOneBatchHaveTransformersLogits(String name) throws IOException {
    List<JsonNode> cases = FixtureEncoders.cases(name);
    List<ClassifierInput> inputs = cases.stream().map(TextClassifierFixturesTests::input).toList();
    assertThat(inputs)
        .hasAtLeastOneElementOfType(ClassifierInput.Text.class)
        .hasAtLeastOneElementOfType(ClassifierInput.Pair.class);
    try (HeadedEncoder encoder = fixtures.open(name)) {
      Classification answer =
          new TextClassifier(encoder).classify(inputs, ClassifierOptions.DEFAULT, _ -> {});

      for (int i = 0; i < inputs.size(); i++) {
        float[] expected = floats(cases.get(i).get("logits"));
        assertThat(answer.logits()[i])
            .as(inputs.get(i).toString())
            .hasSameSizeAs(expected)
            .containsExactly(expected, within((float) (TOLERANCE * largest(expected))));
      }
    }
  }

  private static ClassifierInput input(JsonNode reference) {
    String text = reference.get("text").stringValue();
    return reference.get("pair").isNull()
        ? new ClassifierInput.Text(text)
        : new ClassifierInput.Pair(text, reference.get("pair").stringValue());
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    IntStream.range(0, values.length).forEach(i -> values[i] = array.get(i).floatValue());
    return values;
  }

  private static double largest(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElse(0);
  }
}
