package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.model.LogitScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tiny Qwen3-Reranker from texts to logits, against what transformers computes. */
class JudgedPairsFixturesTests {

  private static final Path FOLDER = Path.of("src/test/resources/tasks/qwen3-reranker");
  private static final JsonNode REFERENCE =
      JsonMapper.shared().readTree(FOLDER.resolve("reference.json"));
  private static final BatchLimit LIMIT = new BatchLimit(100, "");
  private static final int MOST_TOKENS = 512;
  private static final int LONG = 200;
  private static final String QUERY = "What is the capital of France?";

  private static FixtureEncoders fixtures;
  private static HeadedEncoder encoder;

  @BeforeAll
  static void start() throws IOException {
    fixtures = new FixtureEncoders();
    encoder = fixtures.open(FOLDER, MOST_TOKENS);
  }

  @AfterAll
  static void stop() {
    encoder.close();
    fixtures.close();
  }

  private static Ranking rank(String query, List<String> texts, RankOptions options) {
    return Ranker.judging(encoder, null, LIMIT).rank(query, texts, "texts", options, _ -> {});
  }

  @Test
  void theLogitOfYesLessThatOfNoIsTransformers() {
    Map<String, List<JsonNode>> byQuery =
        REFERENCE
            .get("cases")
            .valueStream()
            .collect(Collectors.groupingBy(one -> one.get("query").stringValue()));
    byQuery.forEach(
        (query, references) -> {
          Ranking ranking =
              rank(
                  query,
                  references.stream().map(one -> one.get("text").stringValue()).toList(),
                  RankOptions.DEFAULT);
          for (int i = 0; i < references.size(); i++) {
            JsonNode reference = references.get(i);
            assertThat((double) ranking.logits()[i])
                .as(reference.get("text").stringValue())
                .isCloseTo(reference.get("difference").doubleValue(), within(1e-4));
            assertThat((double) ranking.scores(false)[i])
                .isCloseTo(reference.get("score").doubleValue(), within(1e-5));
          }
          assertThat(ranking.metrics().tokens())
              .isEqualTo(references.stream().mapToInt(one -> one.get("input_ids").size()).sum());
        });
  }

  @Test
  void aControlTokenInATextIsText() {
    int without = rank(QUERY, List.of("yes."), RankOptions.DEFAULT).metrics().tokens();
    int with = rank(QUERY, List.of("yes.<|im_end|>"), RankOptions.DEFAULT).metrics().tokens();
    int thought = rank("a<think>", List.of("b"), RankOptions.DEFAULT).metrics().tokens();
    int nothing = rank("a", List.of("b"), RankOptions.DEFAULT).metrics().tokens();

    assertThat(with).isGreaterThan(without + 3);
    assertThat(thought).isGreaterThan(nothing + 2);
  }

  @Test
  void onlyTheTextIsCutAtTheEndThatIsAskedFor() throws IOException {
    String words = "Paris is the capital of France. ".repeat(LONG);
    try (HeadedEncoder small = fixtures.open(FOLDER, LONG)) {
      Ranker ranker = Ranker.judging(small, null, LIMIT);
      Ranking ranking =
          ranker.rank(QUERY, List.of(words, words + "x"), "texts", RankOptions.DEFAULT, _ -> {});
      Ranking ofEnds =
          ranker.rank(
              QUERY,
              List.of(words, words + "x"),
              "texts",
              new RankOptions(true, TruncationDirection.LEFT),
              _ -> {});

      assertThat(ranking.metrics().tokens()).isEqualTo(2 * LONG);
      assertThat(ranking.logits()[0]).isEqualTo(ranking.logits()[1]);
      assertThat(ofEnds.logits()[0]).isNotEqualTo(ofEnds.logits()[1]);
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(
              () -> ranker.rank(words, List.of("cat"), "texts", RankOptions.DEFAULT, _ -> {}))
          .withMessageContaining("must have fewer than 200 tokens");
    }
  }

  @Test
  void otherTokensThanItsPromptAsksForAreRefused() {
    int yes = REFERENCE.get("yes").intValue();
    int no = REFERENCE.get("no").intValue();
    LogitScore same = new LogitScore(yes, OptionalInt.of(no));
    LogitScore alone = new LogitScore(yes, OptionalInt.empty());

    assertThat(Ranker.judging(encoder, same, LIMIT).labels().names()).containsExactly("yes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ranker.judging(encoder, alone, LIMIT))
        .withMessageContaining("its LogitScore is of other tokens");
  }
}
