package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import dev.diptych.model.DenseActivation;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Pooling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbedderTests {

  private static final ModelFacts FACTS = ModelFacts.ofEncoder("fake", "float32", "cpu", 8);
  private static final TextOptions DEFAULT = TextOptions.DEFAULT;

  private final List<int[]> seen = new CopyOnWriteArrayList<>();
  private final FakeEncoder model = new FakeEncoder(6, batch -> seen.add(batch.tokenIds()));
  private final EncoderEngine engine = new EncoderEngine("fake", model, 8, 100);
  private final AnswerMemory memory = new AnswerMemory(1 << 20, "diptych.encoding.answer-memory");
  private final List<Permits> kept = new ArrayList<>();
  private final Keeper keeper = kept::add;

  @AfterEach
  void end() {
    engine.close();
  }

  @Test
  void normalizesUnlessToldOtherwise() {
    float[] raw = vector("a cat", new VectorOptions(false, null));
    float[] unit = vector("a cat", VectorOptions.DEFAULT);

    double norm = norm(raw);
    assertThat(norm).isNotCloseTo(1, within(1e-3));
    assertThat(norm(unit)).isCloseTo(1, within(1e-6));
    assertThat(unit[3]).isCloseTo((float) (raw[3] / norm), within(1e-6f));
  }

  @Test
  void slicesBeforeItNormalizes() {
    float[] raw = vector("a cat", new VectorOptions(false, null));
    float[] sliced = vector("a cat", new VectorOptions(true, 2));

    assertThat(sliced).hasSize(2);
    assertThat(norm(sliced)).isCloseTo(1, within(1e-6));
    assertThat(sliced[0] / sliced[1]).isCloseTo(raw[0] / raw[1], within(1e-4f));
    assertThatThrownBy(() -> vector("a", new VectorOptions(true, 0)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("positive");
    assertThatThrownBy(() -> vector("a", new VectorOptions(true, 9)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("at most 8");
  }

  @Test
  void keepsTheOrderOfTheInputs() {
    Embeddings both = embedder(true).embed(texts("a", "b"), DEFAULT, VectorOptions.DEFAULT, keeper);

    assertThat(both.vectors()[0]).isEqualTo(vector("a", VectorOptions.DEFAULT));
    assertThat(both.vectors()[1]).isEqualTo(vector("b", VectorOptions.DEFAULT));
  }

  @Test
  void countsCodePointsTokensAndTimes() {
    List<EmbedInput> inputs =
        List.of(new EmbedInput.Text("a 😀"), new EmbedInput.TokenIds(new int[] {101, 102}));

    EncodingMetrics metrics =
        embedder(true).embed(inputs, DEFAULT, VectorOptions.DEFAULT, keeper).metrics();

    assertThat(metrics.characters()).isEqualTo(5);
    assertThat(metrics.tokens()).isEqualTo(6);
    assertThat(metrics.total()).isGreaterThanOrEqualTo(metrics.inference());
  }

  @Test
  void cutsTheEndOfALongTextAndKeepsItsSpecialTokens() {
    embed(embedder(true), "a b c d e f g", DEFAULT);

    assertThat(seen.getFirst()).containsExactly(101, 1037, 1038, 1039, 1040, 102);
  }

  @Test
  void cutsTheBeginningOnRequest() {
    embed(embedder(false), "a b c d e f g", new TextOptions(true, TruncationDirection.LEFT, null));

    assertThat(seen.getFirst()).containsExactly(101, 1040, 1041, 1042, 1043, 102);
  }

  @Test
  void cutsTokenIdsWithoutProtectingAny() {
    List<EmbedInput> ids =
        List.of(new EmbedInput.TokenIds(new int[] {101, 1037, 1038, 1039, 1040, 1041, 102}));
    embedder(true).embed(ids, DEFAULT, VectorOptions.DEFAULT, keeper);

    assertThat(seen.getFirst()).containsExactly(101, 1037, 1038, 1039, 1040, 1041);
  }

  @Test
  void refusesALongTextWhenItMustNotBeCut() {
    assertThatThrownBy(() -> embed(embedder(false), "a b c d e", DEFAULT))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`inputs` must have at most 6 tokens. Given: 7");
    TextOptions whole = new TextOptions(false, TruncationDirection.RIGHT, null);
    assertThatThrownBy(() -> embed(embedder(true), "a b c d e", whole))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> embed(embedder(false), "a".repeat(1501), DEFAULT))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`inputs` must have at most 1500 characters. Given: 1501");
  }

  @Test
  void boundsTheTextThatTheTokenizerSees() {
    embed(embedder(true), "😀".repeat(2000) + " a", DEFAULT);
    embed(
        embedder(true),
        " ".repeat(3000) + "a",
        new TextOptions(null, TruncationDirection.LEFT, null));
    embed(embedder(true), " ".repeat(3000) + "a", DEFAULT);

    assertThat(seen.get(0)).hasSize(6);
    assertThat(seen.get(1)).containsExactly(101, 1037, 102);
    assertThat(seen.get(2)).containsExactly(101, 102);
  }

  @Test
  void readsTokenIdsAsTheirText() {
    float[] fromIds =
        embedder(true)
            .embed(
                List.of(new EmbedInput.TokenIds(new int[] {101, 1037, 4937, 102})),
                DEFAULT,
                VectorOptions.DEFAULT,
                keeper)
            .vectors()[0];

    assertThat(fromIds).isEqualTo(vector("a cat", VectorOptions.DEFAULT));
  }

  @Test
  void refusesTokenIdsOutsideTheVocabulary() {
    for (int id : new int[] {-1, 30522, 70000}) {
      assertThatThrownBy(
              () ->
                  embedder(true)
                      .embed(
                          List.of(new EmbedInput.TokenIds(new int[] {101, id})),
                          DEFAULT,
                          VectorOptions.DEFAULT,
                          keeper))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining(String.valueOf(id))
          .hasMessageContaining("30522");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void putsPromptsBeforeTextsAndIds() {
    Embedder embedder =
        embedder(true, new Prompts(Map.of("query", "dog ", "word", "word "), "word"));
    TextOptions query = new TextOptions(null, TruncationDirection.RIGHT, "query");
    embed(embedder, "cat", query);
    embed(embedder, "cat", DEFAULT);
    embedder.embed(
        List.of(new EmbedInput.TokenIds(new int[] {101, 4937, 102})),
        query,
        VectorOptions.DEFAULT,
        keeper);

    assertThat(seen.get(0)).containsExactly(101, 3899, 4937, 102);
    assertThat(seen.get(1)).containsExactly(101, 2773, 4937, 102);
    assertThat(seen.get(2)).containsExactly(101, 3899, 4937, 102);
    assertThatThrownBy(
            () -> embed(embedder, "a", new TextOptions(null, TruncationDirection.RIGHT, "passage")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`prompt_name` is `passage`, but the model's prompts are [query, word]");
    assertThatThrownBy(() -> embed(embedder(true), "a", query))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("no prompts");
  }

  @Test
  void refusesEmptyTextsEmptyBatchesAndLargeBatches() {
    assertEmpty(List.of());
    assertEmpty(texts("a", ""));
    assertEmpty(List.of(new EmbedInput.TokenIds(new int[0])));
    assertThatThrownBy(
            () ->
                embedder(true)
                    .embed(
                        Collections.nCopies(5, new EmbedInput.Text("a")),
                        DEFAULT,
                        VectorOptions.DEFAULT,
                        keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "batch size 5 > maximum allowed batch size 4 (diptych.encoding.max-client-batch-size)");
  }

  @Test
  void returnsItsPlacesAfterSuccessAndFailure() {
    Embedder embedder = embedder(false);
    for (int i = 0; i < 10; i++) {
      embed(embedder, "a", DEFAULT);
      assertThatThrownBy(() -> embed(embedder, "a b c d e", DEFAULT))
          .isInstanceOf(InvalidInput.class);
    }
    try (Permits _ = engine.admit(8)) {
      assertThatThrownBy(() -> embed(embedder, "a", DEFAULT)).isInstanceOf(Overloaded.class);
    }
  }

  @Test
  void holdsTheMemoryOfItsWidestVectors() {
    LinearLayer widening = new LinearLayer(new float[16][100], new float[100]);
    LinearLayer narrowing = new LinearLayer(new float[100][3], new float[3]);
    SentenceVectors vectors =
        new SentenceVectors(
            List.of(Pooling.CLS, Pooling.MEAN),
            List.of(
                new DenseLayer(widening, DenseActivation.RELU, false, null),
                new UnitLength(),
                new DenseLayer(narrowing, DenseActivation.IDENTITY, false, null)));
    Embedder embedder =
        new Embedder(
            engine,
            new WordTokenizer(),
            vectors,
            new EncoderLimits(6, 4, true),
            Prompts.NONE,
            FACTS,
            memory);

    assertThat(embedder.width()).isEqualTo(3);
    embed(embedder, "a", DEFAULT);
    assertThat(memory.taken()).isEqualTo((100 + 2 * 100) * Float.BYTES);
    assertThatThrownBy(
            () -> embedder.embed(texts("a"), DEFAULT, new VectorOptions(true, 4), keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("at most 3");
  }

  @Test
  void holdsTheMemoryOfItsAnswersAfterItsPlacesAreGivenBack() {
    Embedder embedder = embedder(true);
    var _ = embedder.embedTokens(texts("a", "a b"), DEFAULT, keeper);
    assertThat(memory.taken()).isEqualTo(7 * 8 * Float.BYTES);
    embed(embedder, "a", DEFAULT);
    var _ = embedder.tokenize(List.of("a cat"), true, null, keeper);
    var _ = embedder.decode(List.of(new int[] {101, 4937}), true, keeper);

    engine.admit(8).close();
    assertThat(kept).hasSize(4);
    kept.forEach(Permits::close);
    assertThat(memory.taken()).isZero();
  }

  @Test
  void computesNothingForAnAnswerThatHasNoMemory() {
    try (Permits _ = memory.reserve(700_000)) {
      Embedder embedder = embedder(true);
      AnswerMemory small = new AnswerMemory(64, "diptych.encoding.answer-memory");
      Embedder poor =
          new Embedder(
              engine,
              new WordTokenizer(),
              SentenceVectors.of(Pooling.MEAN),
              new EncoderLimits(6, 4, true),
              Prompts.NONE,
              FACTS,
              small);

      embed(embedder, "a", DEFAULT);
      assertThatThrownBy(() -> embed(poor, "a", DEFAULT))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("64 bytes of memory, more than the 48");
      assertThatThrownBy(() -> poor.tokenize(List.of("a cat"), true, null, keeper))
          .isInstanceOf(InvalidInput.class);
      assertThatThrownBy(() -> poor.decode(List.of(new int[40]), true, keeper))
          .isInstanceOf(InvalidInput.class);
      assertThat(seen).hasSize(1);
      engine.admit(8).close();
    }
  }

  @Test
  void givesOneVectorPerToken() {
    TokenEmbeddings states = embedder(true).embedTokens(texts("a", "a b"), DEFAULT, keeper);

    assertThat(states.hiddenSize()).isEqualTo(8);
    assertThat(states.states()[0]).hasSize(3 * 8);
    assertThat(states.states()[1]).hasSize(4 * 8);
  }

  @Test
  void comparesASentenceWithOthers() {
    Similarities similarities =
        embedder(true).similarities("a", List.of("a", "b"), DEFAULT, keeper);

    assertThat(similarities.cosines()[0]).isCloseTo(1f, within(1e-6f));
    assertThat(similarities.cosines()[1]).isBetween(-1f, 0.99f);
    assertThat(similarities.metrics().characters()).isEqualTo(3);
    assertThatThrownBy(() -> embedder(true).similarities("a", List.of(), DEFAULT, keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("sentences");
  }

  @Test
  void listsTokensWithTheirBytes() {
    List<TextToken> tokens =
        embedder(true).tokenize(List.of("é 😀 Cat"), true, null, keeper).getFirst();

    assertThat(tokens)
        .containsExactly(
            new TextToken(101, "[CLS]", true, null, null),
            new TextToken(100, "é", false, 0, 2),
            new TextToken(100, "😀", false, 3, 7),
            new TextToken(4937, "Cat", false, 8, 11),
            new TextToken(102, "[SEP]", true, null, null));
  }

  @Test
  void decodesTokenIds() {
    Embedder embedder = embedder(true);
    List<int[]> ids = new ArrayList<>();
    ids.add(new int[] {101, 1037, 4937, 102});

    assertThat(embedder.decode(ids, true, keeper)).containsExactly("a cat");
    assertThat(embedder.decode(ids, false, keeper)).containsExactly("[CLS] a cat [SEP]");
    ids.add(new int[] {70000});
    assertThatThrownBy(() -> embedder.decode(ids, true, keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("70000");
  }

  @Test
  void refusesNumbersThatAreNotFinite() {
    FakeEncoder broken =
        new FakeEncoder(6) {
          @Override
          public float[][] pooled(EncoderBatch batch, Pooling pooling, int skipped) {
            return new float[][] {{1, Float.NaN}};
          }
        };
    try (EncoderEngine brokenEngine = new EncoderEngine("broken", broken, 8, 100)) {
      Embedder embedder =
          new Embedder(
              brokenEngine,
              new WordTokenizer(),
              SentenceVectors.of(Pooling.MEAN),
              new EncoderLimits(6, 4, true),
              Prompts.NONE,
              FACTS,
              memory);
      assertThatThrownBy(() -> embed(embedder, "a", DEFAULT))
          .isInstanceOf(InferenceFailed.class)
          .hasMessageContaining("not finite");
    }
  }

  private void assertEmpty(List<EmbedInput> inputs) {
    assertThatThrownBy(() -> embedder(true).embed(inputs, DEFAULT, VectorOptions.DEFAULT, keeper))
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.EMPTY));
  }

  private Embedder embedder(boolean autoTruncate) {
    return embedder(autoTruncate, Prompts.NONE);
  }

  private Embedder embedder(boolean autoTruncate, Prompts prompts) {
    return new Embedder(
        engine,
        new WordTokenizer(),
        SentenceVectors.of(Pooling.MEAN),
        new EncoderLimits(6, 4, autoTruncate),
        prompts,
        FACTS,
        memory);
  }

  private float[] vector(String text, VectorOptions options) {
    return embedder(true).embed(texts(text), DEFAULT, options, keeper).vectors()[0];
  }

  private void embed(Embedder embedder, String text, TextOptions options) {
    var _ = embedder.embed(texts(text), options, VectorOptions.DEFAULT, keeper);
  }

  private static List<EmbedInput> texts(String... texts) {
    List<EmbedInput> inputs = new ArrayList<>();
    for (String text : texts) {
      inputs.add(new EmbedInput.Text(text));
    }
    return inputs;
  }

  private static double norm(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
