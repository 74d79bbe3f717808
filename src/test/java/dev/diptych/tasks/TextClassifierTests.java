package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.BatchLimit;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
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
import dev.diptych.tokenization.TextPairs.Truncation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TextClassifierTests {

  private static final Labels LABELS = new Labels(List.of("no", "maybe", "yes"), null);
  private static final int MOST_TOKENS = 12;
  private static final int MOST_TEXTS = 4;
  private static final long MEMORY = 4096;

  private final List<EncoderBatch> seen = Collections.synchronizedList(new ArrayList<>());
  private final List<HeadedEncoder> opened = new ArrayList<>();
  private final List<Permits> kept = new ArrayList<>();

  private HeadedEncoder encoder(Head head, boolean autoTruncate) {
    HeadedEncoder encoder =
        new HeadedEncoder(
            new EncoderEngine("fake", new FakeEncoder(MOST_TOKENS, head, seen::add), 8, 100),
            new WordTokenizer(),
            new EncoderLimits(MOST_TOKENS, MOST_TEXTS, autoTruncate),
            ModelFacts.ofEncoder("fake", "float32", "cpu", MOST_TOKENS),
            new AnswerMemory(MEMORY, "diptych.encoding.answer-memory"));
    opened.add(encoder);
    return encoder;
  }

  private TextClassifier classifier(Labels labels) {
    Head head = new Head.SequenceClassifier(labels, Pooling.CLS, null, true);
    return new TextClassifier(encoder(head, true));
  }

  private TextClassifier classifier() {
    return classifier(LABELS);
  }

  private Classification classify(TextClassifier classifier, ClassifierInput... inputs) {
    return classifier.classify(List.of(inputs), ClassifierOptions.DEFAULT, kept::add);
  }

  private static ClassifierInput text(String value) {
    return new ClassifierInput.Text(value);
  }

  private static ClassifierInput pair(String first, String second) {
    return new ClassifierInput.Pair(first, second);
  }

  @AfterEach
  void end() {
    opened.forEach(HeadedEncoder::close);
  }

  @Test
  void everyTextHasALogitForEachLabel() {
    Classification answer = classify(classifier(), text("the cat sat"), text("the dog"));

    assertThat(answer.labels()).isEqualTo(LABELS);
    assertThat(answer.logits()).hasDimensions(2, 3);
    assertThat(answer.scores(1, ScoreFunction.SIGMOID)).hasSize(3);
    assertThat(answer.metrics().tokens()).isEqualTo(5 + 4);
    assertThat(answer.metrics().characters()).isEqualTo(11 + 7);
  }

  @Test
  void textsAndPairsOfABatchAreAnsweredAsAlone() {
    TextClassifier classifier = classifier();
    ClassifierInput[] inputs = {
      text("the cat sat"), pair("the cat", "sat"), text("the dog"), pair("the cat sat", "")
    };

    float[][] together = classify(classifier, inputs).logits();

    for (int i = 0; i < inputs.length; i++) {
      assertThat(classify(classifier, inputs[i]).logits()[0]).containsExactly(together[i]);
    }
  }

  @Test
  void theSecondTextOfAPairHasItsOwnSegment() {
    classify(classifier(), pair("cat", "dog sat"));

    assertThat(seen.getFirst().tokenIds()).containsExactly(101, 4937, 102, 3899, 2938, 102);
    assertThat(seen.getFirst().typeIds()).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void whatIsTooLongIsCutAtTheEndThatIsAskedFor() {
    TextClassifier classifier = classifier();
    String words = "the cat sat ".repeat(5) + "dog";

    classifier.classify(
        List.of(text(words)),
        new ClassifierOptions(true, TruncationDirection.LEFT, Truncation.LONGEST_FIRST),
        kept::add);
    classifier.classify(
        List.of(pair("cat", words)),
        new ClassifierOptions(true, TruncationDirection.LEFT, Truncation.LONGEST_FIRST),
        kept::add);
    classify(classifier, pair(words, "cat"));

    assertThat(seen).allSatisfy(batch -> assertThat(batch.tokenIds()).hasSize(MOST_TOKENS));
    assertThat(seen.get(0).tokenIds()).endsWith(2938, 3899, 102);
    assertThat(seen.get(1).tokenIds()).startsWith(101, 4937, 102).endsWith(2938, 3899, 102);
    assertThat(seen.get(2).tokenIds()).startsWith(101, 1996, 4937).endsWith(102, 4937, 102);
  }

  @Test
  void onlyTheTextOfAPairThatMayBeCutIsCut() {
    String words = "the cat sat ".repeat(5);

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(
            () ->
                classifier()
                    .classify(
                        List.of(pair("cat", words)),
                        new ClassifierOptions(
                            true, TruncationDirection.RIGHT, Truncation.ONLY_FIRST),
                        kept::add))
        .withMessageContaining("second text");
  }

  @Test
  void whatIsTooLongIsRefusedWhereNothingIsCut() {
    TextClassifier classifier =
        new TextClassifier(
            encoder(new Head.SequenceClassifier(LABELS, Pooling.CLS, null, true), false));
    String words = "the cat sat ".repeat(5);

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier, text(words)))
        .withMessageContaining("at most 12 tokens. Given: 17");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier, pair(words, "cat")))
        .withMessageContaining("at most 12 tokens together, special ones included. Given: 19");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier, text("a".repeat(MOST_TOKENS * 250 + 1))))
        .withMessageContaining("at most 3000 characters. Given: 3001");
    assertThat(seen).isEmpty();
  }

  @Test
  void nothingToClassifyIsRefused() {
    TextClassifier classifier = classifier();

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier))
        .matches(e -> e.kind() == InvalidInput.Kind.EMPTY);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier, text("cat"), text("")))
        .matches(e -> e.kind() == InvalidInput.Kind.EMPTY);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier, pair("", "")))
        .matches(e -> e.kind() == InvalidInput.Kind.EMPTY);
  }

  @Test
  void moreTextsThanTheLimitAreRefused() {
    TextClassifier classifier = classifier();
    List<ClassifierInput> texts = Collections.nCopies(MOST_TEXTS + 1, text("cat"));

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classifier.classify(texts, ClassifierOptions.DEFAULT, kept::add))
        .matches(e -> e.kind() == InvalidInput.Kind.BATCH_SIZE)
        .withMessageContaining("batch size 5 > maximum allowed batch size 4");
    assertThat(
            classifier
                .classify(texts, ClassifierOptions.DEFAULT, new BatchLimit(5, "labels"), kept::add)
                .logits())
        .hasDimensions(MOST_TEXTS + 1, 3);
  }

  @Test
  void theMemoryOfTheAnswerIsHeldUntilItIsWritten() {
    List<String> names = Collections.nCopies(10, "label");
    TextClassifier classifier = classifier(new Labels(names, null));

    classify(classifier, text("cat"), text("dog"), text("sat"), text("mat"));

    assertThatExceptionOfType(Overloaded.class)
        .isThrownBy(() -> classify(classifier, text("cat"), text("dog"), text("sat")));
    kept.forEach(Permits::close);
    classify(classifier, text("cat"), text("dog"), text("sat"));
  }

  @Test
  void anAnswerThatNoMemoryAllowsIsRefusedBeforeItIsComputed() {
    TextClassifier classifier = classifier(new Labels(Collections.nCopies(1000, "label"), null));

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> classify(classifier, text("cat")))
        .withMessageContaining("diptych.encoding.answer-memory");
    assertThat(seen).isEmpty();
  }

  @Test
  void aModelWithAnotherHeadCannotClassify() {
    HeadedEncoder masked = encoder(new Head.MaskedLanguageModel(true, null, true), true);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TextClassifier(masked))
        .withMessage("fake is no classifier of texts, so it cannot classify");
  }
}
