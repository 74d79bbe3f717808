package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.EncodingMetrics;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Permits;
import dev.diptych.encoding.TruncationDirection;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.model.blueprint.Pooling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RankerTests {

  private static final int MOST_TOKENS = 12;
  private static final int MOST_TEXTS = 100;
  private static final String TEXTS = "texts";

  private final List<EncoderBatch> seen = Collections.synchronizedList(new ArrayList<>());
  private final List<HeadedEncoder> opened = new ArrayList<>();
  private final List<Permits> kept = new ArrayList<>();

  private HeadedEncoder encoder(int memory, String... labels) {
    Head head =
        new Head.SequenceClassifier(new Labels(List.of(labels), null), Pooling.CLS, null, true);
    HeadedEncoder encoder =
        new HeadedEncoder(
            new EncoderEngine("fake", new FakeEncoder(MOST_TOKENS, head, seen::add), 8, 10_000),
            new WordTokenizer(),
            new EncoderLimits(MOST_TOKENS, 4, true),
            ModelFacts.ofEncoder("fake", "float32", "cpu", MOST_TOKENS),
            new AnswerMemory(memory, "diptych.encoding.answer-memory"));
    opened.add(encoder);
    return encoder;
  }

  private Ranker ranker() {
    return new Ranker(encoder(1 << 20, "LABEL_0"), new BatchLimit(MOST_TEXTS, "max-ranked-texts"));
  }

  private Ranking rank(Ranker ranker, String query, List<String> texts) {
    return ranker.rank(query, texts, TEXTS, RankOptions.DEFAULT, kept::add);
  }

  @AfterEach
  void end() {
    opened.forEach(HeadedEncoder::close);
  }

  @Test
  void aRequestsTextsAreOneBatchAndScoredAsAlone() {
    Ranker ranker = ranker();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < MOST_TEXTS; i++) {
      texts.add("the cat w" + (2000 + i));
    }

    Ranking together = rank(ranker, "the dog", texts);

    assertThat(seen).singleElement().satisfies(b -> assertThat(b.inputs()).isEqualTo(MOST_TEXTS));
    for (int i = 0; i < MOST_TEXTS; i += 9) {
      assertThat(rank(ranker, "the dog", List.of(texts.get(i))).logits())
          .containsExactly(together.logits()[i]);
    }
    assertThat(together.metrics().tokens()).isEqualTo(MOST_TEXTS * (1 + 2 + 1 + 3 + 1));
    assertThat(together.metrics().characters()).isEqualTo(MOST_TEXTS * (7 + 13));
  }

  @Test
  void theQueryIsTheFirstTextAndHasTheFirstSegment() {
    rank(ranker(), "dog", List.of("cat sat"));

    assertThat(seen.getFirst().tokenIds()).containsExactly(101, 3899, 102, 4937, 2938, 102);
    assertThat(seen.getFirst().typeIds()).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void scoresAreSigmoidsUnlessTheyAreRaw() {
    Ranking ranking = new Ranking(new float[] {-1.5f, 3, 0.25f}, metrics());

    assertThat(ranking.scores(true)).containsExactly(-1.5f, 3, 0.25f);
    assertThat(ranking.scores(false))
        .containsExactly(new float[] {0.1824255f, 0.9525741f, 0.5621765f}, within(1e-6f));
  }

  @Test
  void theBestComeFirstWhereverSigmoidsAreTheSame() {
    Ranking ranking = new Ranking(new float[] {50, -2, 60, 50}, metrics());

    assertThat(ranking.scores(false)[0]).isEqualTo(ranking.scores(false)[2]);
    assertThat(ranking.best(10)).containsExactly(2, 0, 3, 1);
    assertThat(ranking.best(2)).containsExactly(2, 0);
  }

  private static EncodingMetrics metrics() {
    return new EncodingMetrics(1, 1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  @Test
  void theLongerOfQueryAndTextIsCutAtTheEndThatIsAskedFor() {
    Ranker ranker = ranker();
    String words = "the cat sat ".repeat(5) + "dog";

    ranker.rank(
        "mat", List.of(words), TEXTS, new RankOptions(true, TruncationDirection.LEFT), kept::add);
    rank(ranker, words, List.of("mat"));

    assertThat(seen.get(0).tokenIds()).startsWith(101, 13523, 102).endsWith(2938, 3899, 102);
    assertThat(seen.get(1).tokenIds()).startsWith(101, 1996, 4937).endsWith(102, 13523, 102);
    assertThat(seen).allSatisfy(batch -> assertThat(batch.tokens()).isEqualTo(MOST_TOKENS));
  }

  @Test
  void whatIsTooLongIsRefusedWhereNothingIsCut() {
    Ranker ranker = ranker();
    RankOptions options = new RankOptions(false, TruncationDirection.RIGHT);

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(
            () ->
                ranker.rank(
                    "dog", List.of("cat", "the cat sat ".repeat(5)), TEXTS, options, kept::add))
        .withMessageContaining("at most 12 tokens together, special ones included. Given: 19");
    assertThat(seen).isEmpty();
  }

  @Test
  void noTextOrTooManyAreRefused() {
    Ranker ranker = ranker();

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> rank(ranker, "dog", List.of()))
        .withMessage("`texts` cannot be empty")
        .matches(e -> e.kind() == InvalidInput.Kind.EMPTY);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> rank(ranker, "dog", Collections.nCopies(MOST_TEXTS + 1, "cat")))
        .withMessage("batch size 101 > maximum allowed batch size 100 (max-ranked-texts)")
        .matches(e -> e.kind() == InvalidInput.Kind.BATCH_SIZE);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> rank(ranker, "", List.of("cat", "")))
        .matches(e -> e.kind() == InvalidInput.Kind.EMPTY);
  }

  @Test
  void aQueryThatWouldStandInTooManyPairsIsRefusedBeforeItDoes() {
    Ranker ranker =
        new Ranker(encoder(8192, "LABEL_0"), new BatchLimit(MOST_TEXTS, "max-ranked-texts"));
    String query = "the cat sat on the mat";

    assertThat(rank(ranker, query, List.of("dog")).logits()).hasSize(1);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> rank(ranker, query, Collections.nCopies(MOST_TEXTS, "dog")))
        .withMessageContaining("diptych.encoding.answer-memory");
  }

  @Test
  void aClassifierOfSeveralLabelsCannotRank() {
    HeadedEncoder nli = encoder(8192, "entailment", "neutral", "contradiction");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ranker(nli, new BatchLimit(1, "")))
        .withMessage(
            "fake has 3 labels (entailment, neutral, contradiction), so it cannot rank, which takes"
                + " a single one; diptych.models.classify serves it");
  }
}
