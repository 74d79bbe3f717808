package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InferenceFailed;
import dev.diptych.InvalidInput;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.ModelFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MaskFillerTests {

  /** The logits of some words; all others have 0. */
  private static final Map<Integer, Float> LOGITS = Map.of(4937, 9f, 3899, 8f, 2938, 7f, 13523, 6f);

  private static final int CAT = 4937;
  private static final int DOG = 3899;
  private static final int LETTER_B = 1038;

  private final AtomicReference<Float> unlikely = new AtomicReference<>(0f);
  private final FakeEncoder model =
      new FakeEncoder(12) {
        @Override
        protected float[] logits(int[] ids, int position) {
          float[] row = new float[VOCABULARY];
          Arrays.fill(row, unlikely.get());
          LOGITS.forEach((token, logit) -> row[token] = logit);
          return row;
        }
      };
  private static final EncoderLimits LIMITS = new EncoderLimits(12, 4, true);
  private static final ModelFacts FACTS = ModelFacts.ofEncoder("fake", "float32", "cpu", 12);

  private final EncoderEngine engine = new EncoderEngine("fake", model, 8, 100);
  private final AnswerMemory memory = new AnswerMemory(1 << 27, "diptych.encoding.answer-memory");
  private final List<Permits> kept = new ArrayList<>();
  private final Keeper keeper = kept::add;
  private final MaskFiller filler =
      new MaskFiller(engine, new WordTokenizer(), LIMITS, FACTS, memory);

  @AfterEach
  void end() {
    engine.close();
  }

  @Test
  void givesFiveCandidatesBestFirstWithTheirProbabilityAmongTheWholeVocabulary() {
    List<FilledMask> candidates = fill("The [MASK] sat.", FillMaskOptions.DEFAULT);

    double sum =
        LOGITS.values().stream().mapToDouble(Math::exp).sum()
            + (FakeEncoder.VOCABULARY - LOGITS.size());
    assertThat(candidates).hasSize(5);
    assertThat(candidates.getFirst().token()).isEqualTo(CAT);
    assertThat(candidates.getFirst().tokenStr()).isEqualTo("cat");
    assertThat(candidates.getFirst().sequence()).isEqualTo("the cat sat.");
    assertThat(candidates.getFirst().score()).isCloseTo((float) (Math.exp(9) / sum), within(1e-6f));
    assertThat(candidates.stream().map(FilledMask::token))
        .containsExactly(CAT, DOG, 2938, 13523, 0);
  }

  @Test
  void neverOverflowsHoweverLargeTheLogits() {
    unlikely.set(-3e4f);

    assertThat(fill("[MASK]", FillMaskOptions.DEFAULT).getFirst().score())
        .isCloseTo(0.6439f, within(1e-3f));
  }

  @Test
  void refusesLogitsThatAreNotFinite() {
    unlikely.set(Float.NaN);

    assertThatThrownBy(() -> fill("[MASK]", FillMaskOptions.DEFAULT))
        .isInstanceOf(InferenceFailed.class);
  }

  @Test
  void givesAsManyCandidatesAsAsked() {
    assertThat(fill("[MASK]", new FillMaskOptions(1, null))).hasSize(1);
    assertThat(fill("[MASK]", new FillMaskOptions(FakeEncoder.VOCABULARY, null)))
        .hasSize(FakeEncoder.VOCABULARY);
    assertThatThrownBy(() -> fill("[MASK]", new FillMaskOptions(0, null)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`top_k` must be at least 1. Given: 0");
    assertThatThrownBy(() -> fill("[MASK]", new FillMaskOptions(30523, null)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("30522");
    assertThatThrownBy(() -> fill("[MASK] [MASK] [MASK]", new FillMaskOptions(30000, null)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("90000 candidates");
  }

  @Test
  void restrictsToTargetsWithoutScalingTheirScores() {
    float free = fill("[MASK]", FillMaskOptions.DEFAULT).get(1).score();

    List<FilledMask> candidates =
        fill("[MASK]", new FillMaskOptions(5, List.of("word", "dog", "dog")));

    assertThat(candidates.stream().map(FilledMask::token)).containsExactly(DOG, 2773);
    assertThat(candidates.getFirst().score()).isEqualTo(free);
  }

  @Test
  void capsTopKAtTheNumberOfTargets() {
    assertThat(fill("[MASK]", new FillMaskOptions(1_000_000, List.of("cat", "dog")))).hasSize(2);
    assertThat(fill("[MASK]", new FillMaskOptions(1, List.of("dog", "cat"))))
        .extracting(FilledMask::token)
        .containsExactly(CAT);
  }

  @Test
  void takesTheFirstTokenOfATargetOutsideTheVocabularyAndDropsTargetsWithoutAny() {
    assertThat(fill("[MASK]", new FillMaskOptions(5, List.of("bxyz", "   ", ""))))
        .extracting(FilledMask::token)
        .containsExactly(LETTER_B);
  }

  @Test
  void refusesTargetsOfWhichNoneIsLeft() {
    for (List<String> targets : List.of(List.<String>of(), List.of("  "))) {
      assertThatThrownBy(() -> fill("[MASK]", new FillMaskOptions(5, targets)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("at least one target");
    }
  }

  @Test
  void fillsEachOfSeveralMasksAloneAndThenKeepsTheOthersAndTheSpecialTokens() {
    List<List<FilledMask>> masks =
        filler
            .fill(List.of("the [MASK] sat [MASK]."), new FillMaskOptions(2, null), keeper)
            .getFirst();

    assertThat(masks).hasSize(2);
    assertThat(masks.get(0).get(1).sequence()).isEqualTo("[CLS] the dog sat [MASK]. [SEP]");
    assertThat(masks.get(1).get(0).sequence()).isEqualTo("[CLS] the [MASK] sat cat. [SEP]");
  }

  @Test
  void leavesPaddingOutOfTheSequence() {
    assertThat(fill("a [MASK] b", new FillMaskOptions(1, List.of("[PAD]"))).getFirst().sequence())
        .isEqualTo("a b");
  }

  @Test
  void fillsAListOfTextsInOrder() {
    List<List<List<FilledMask>>> filled =
        filler.fill(List.of("a [MASK]", "[MASK] [MASK]"), FillMaskOptions.DEFAULT, keeper);

    assertThat(filled).hasSize(2);
    assertThat(filled.get(0)).hasSize(1);
    assertThat(filled.get(1)).hasSize(2);
  }

  @Test
  void readsEachRowOfLogitsInItsOwnPassAndKeepsNone() {
    List<float[]> handedOut = new ArrayList<>();
    FakeEncoder spoiling =
        new FakeEncoder(12) {
          @Override
          public float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows) {
            handedOut.forEach(row -> Arrays.fill(row, Float.NaN));
            handedOut.clear();
            float[][] logits = super.maskedLanguageModelLogits(batch, rows);
            handedOut.addAll(List.of(logits));
            return logits;
          }
        };
    List<String> texts = List.of("a [MASK]", "[MASK] [MASK] b", "[MASK] c", "d [MASK] [MASK]");
    try (EncoderEngine together = new EncoderEngine("together", new FakeEncoder(12), 8, 100);
        EncoderEngine oneByOne = new EncoderEngine("one by one", spoiling, 8, 1)) {
      assertThat(
              new MaskFiller(oneByOne, new WordTokenizer(), LIMITS, FACTS, memory)
                  .fill(texts, FillMaskOptions.DEFAULT, keeper))
          .isEqualTo(
              new MaskFiller(together, new WordTokenizer(), LIMITS, FACTS, memory)
                  .fill(texts, FillMaskOptions.DEFAULT, keeper));
      assertThat(spoiling.batchSizes()).containsExactly(1, 1, 1, 1);
    }
  }

  @Test
  void computesATextSeveralTimesWhereAllItsRowsOfLogitsWouldBeTooLarge() {
    List<Integer> passes = new ArrayList<>();
    FakeEncoder wide =
        new FakeEncoder(12) {
          @Override
          public int vocabularySize() {
            return 1 << 21;
          }

          @Override
          public float[][] maskedLanguageModelLogits(EncoderBatch batch, int[] rows) {
            passes.add(rows.length);
            return super.maskedLanguageModelLogits(batch, rows);
          }
        };
    List<String> texts = List.of("a [MASK] [MASK] b [MASK] [MASK] [MASK]");
    try (EncoderEngine narrowEngine = new EncoderEngine("narrow", new FakeEncoder(12), 8, 100);
        EncoderEngine wideEngine = new EncoderEngine("wide", wide, 8, 100)) {
      assertThat(
              new MaskFiller(wideEngine, new WordTokenizer(), LIMITS, FACTS, memory)
                  .fill(texts, FillMaskOptions.DEFAULT, keeper))
          .isEqualTo(
              new MaskFiller(narrowEngine, new WordTokenizer(), LIMITS, FACTS, memory)
                  .fill(texts, FillMaskOptions.DEFAULT, keeper));
      assertThat(passes).containsExactly(2, 2, 1);
    }
  }

  @Test
  void refusesAnAnswerWhoseCandidatesRepeatTooLongATextTooOften() {
    String longWords = "w20000 ".repeat(9) + "[MASK]";

    assertThat(fill(longWords, new FillMaskOptions(20_000, null))).hasSize(20_000);
    assertThatThrownBy(() -> fill(longWords, new FillMaskOptions(30_000, null)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("30000 candidates with the whole text each")
        .hasMessageContaining("more than the 2097152 of one answer");
  }

  @Test
  void holdsTheMemoryOfAnAnswerAndComputesNoneThatHasNone() {
    assertThat(fill("a [MASK]", FillMaskOptions.DEFAULT)).hasSize(5);
    assertThat(memory.taken()).isEqualTo(5 * (160 + 2 * (6 + 2 + 7 + 6)));
    kept.forEach(Permits::close);
    assertThat(memory.taken()).isZero();

    int passes = model.batchSizes().size();
    MaskFiller poor =
        new MaskFiller(
            engine,
            new WordTokenizer(),
            LIMITS,
            FACTS,
            new AnswerMemory(1000, "diptych.encoding.answer-memory"));
    assertThatThrownBy(() -> poor.fill(List.of("[MASK]"), new FillMaskOptions(5, null), keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("answer-memory");
    assertThat(model.batchSizes()).hasSize(passes);
    engine.admit(8).close();
  }

  @Test
  void refusesManyOrLongTargetsBeforeAnyIsTokenized() {
    List<String> tokenized = new ArrayList<>();
    WordTokenizer counting =
        new WordTokenizer() {
          @Override
          public Encoding encodeWithOffsets(String text, boolean addSpecialTokens) {
            tokenized.add(text);
            return super.encodeWithOffsets(text, addSpecialTokens);
          }
        };
    MaskFiller counted = new MaskFiller(engine, counting, LIMITS, FACTS, memory);
    tokenized.clear();

    assertThatThrownBy(
            () ->
                counted.fill(
                    List.of("[MASK]"),
                    new FillMaskOptions(5, Collections.nCopies(1001, "unknownword")),
                    keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`targets` must have at most 1000 words. Given: 1001");
    assertThatThrownBy(
            () ->
                counted.fill(
                    List.of("[MASK]"),
                    new FillMaskOptions(5, List.of("unknownword", "x".repeat(251))),
                    keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("each of `targets` must have at most 250 characters. Given: 251");
    assertThat(tokenized).isEmpty();
  }

  @Test
  void decodesManyCandidatesOnPlatformThreads() throws Exception {
    Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
    WordTokenizer watched =
        new WordTokenizer() {
          @Override
          public String decode(int[] ids, boolean skipSpecialTokens) {
            virtual.add(Thread.currentThread().isVirtual());
            return super.decode(ids, skipSpecialTokens);
          }
        };
    MaskFiller many = new MaskFiller(engine, watched, LIMITS, FACTS, memory);

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(
              callers
                  .submit(
                      () ->
                          many.fill(List.of("a [MASK]"), new FillMaskOptions(20_000, null), keeper))
                  .get()
                  .getFirst()
                  .getFirst())
          .hasSize(20_000);
    }
    assertThat(virtual).containsExactly(false);
  }

  @Test
  void refusesATextWithoutMaskAndNamesTheMaskToken() {
    assertInvalid("no masks here", "no mask token ([MASK])");
    assertInvalid("", "empty");
  }

  @Test
  void refusesALongTextSinceCuttingCouldLoseTheMask() {
    assertInvalid("a b c d e f g h i j [MASK]", "at most 12 tokens. Given: 13");
    assertInvalid("a".repeat(3001), "at most 3000 characters. Given: 3001");
    assertInvalid("[MASK] ".repeat(65), "at most 64 mask tokens ([MASK]). Given: 65");
  }

  @Test
  void boundsTheMasksOfAllTextsTogether() {
    try (EncoderEngine longer = new EncoderEngine("longer", new FakeEncoder(80), 8, 100)) {
      MaskFiller wide =
          new MaskFiller(
              longer, new WordTokenizer(), new EncoderLimits(80, 8, true), FACTS, memory);
      FillMaskOptions best = new FillMaskOptions(1, null);
      List<String> most = Collections.nCopies(4, "[MASK] ".repeat(64));
      List<String> more = new ArrayList<>(most);
      more.add("[MASK]");

      assertThat(wide.fill(most, best, keeper)).allMatch(text -> text.size() == 64);
      assertThatThrownBy(() -> wide.fill(more, best, keeper))
          .isInstanceOf(InvalidInput.class)
          .hasMessage("`inputs` must have at most 256 mask tokens ([MASK]) in all. Given: 257");
    }
  }

  @Test
  void refusesEmptyAndLargeBatches() {
    assertThatThrownBy(() -> filler.fill(List.of(), FillMaskOptions.DEFAULT, keeper))
        .isInstanceOf(InvalidInput.class);
    List<String> five = Collections.nCopies(5, "[MASK]");
    assertThatThrownBy(() -> filler.fill(five, FillMaskOptions.DEFAULT, keeper))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "batch size 5 > maximum allowed batch size 4 (diptych.encoding.max-client-batch-size)");
  }

  @Test
  void refusesModelsThatCannotFillMasks() {
    FakeEncoder headless =
        new FakeEncoder(12) {
          @Override
          public boolean hasMaskedLanguageModelHead() {
            return false;
          }
        };
    try (EncoderEngine headlessEngine = new EncoderEngine("headless", headless, 8, 100)) {
      assertThatThrownBy(
              () -> new MaskFiller(headlessEngine, new WordTokenizer(), LIMITS, FACTS, memory))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("head");
    }
  }

  private void assertInvalid(String text, String message) {
    assertThatThrownBy(() -> fill(text, FillMaskOptions.DEFAULT))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(message);
  }

  private List<FilledMask> fill(String text, FillMaskOptions options) {
    return filler.fill(List.of(text), options, keeper).getFirst().getFirst();
  }
}
