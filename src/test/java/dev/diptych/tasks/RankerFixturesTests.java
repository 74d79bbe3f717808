package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.HeadedEncoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Rankers from texts to logits, against what transformers computes of the same pairs. */
class RankerFixturesTests {

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
  @ValueSource(strings = {"bert-reranker", "modernbert-reranker", "xlm-roberta-reranker"})
  void textsOfOneQueryHaveTransformersLogits(String name) throws IOException {
    Map<String, List<JsonNode>> byQuery =
        FixtureEncoders.cases(name).stream()
            .filter(reference -> !reference.get("pair").isNull())
            .collect(Collectors.groupingBy(reference -> reference.get("text").stringValue()));
    assertThat(byQuery).isNotEmpty();
    try (HeadedEncoder encoder = fixtures.open(name)) {
      Ranker ranker = new Ranker(encoder, new BatchLimit(100, ""));
      byQuery.forEach(
          (query, references) -> {
            List<String> texts =
                references.stream().map(pair -> pair.get("pair").stringValue()).toList();
            float[] logits =
                ranker.rank(query, texts, "texts", RankOptions.DEFAULT, _ -> {}).logits();
            for (int i = 0; i < logits.length; i++) {
              float expected = references.get(i).get("logits").get(0).floatValue();
              assertThat(logits[i])
                  .isCloseTo(expected, within((float) (TOLERANCE * Math.abs(expected))));
            }
          });
    }
  }
}
