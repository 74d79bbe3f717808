package dev.diptych.tasks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InvalidInput;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.EmbedInput;
import dev.diptych.encoding.Embedder;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.FakeEncoder;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.encoding.Keeper;
import dev.diptych.encoding.Prompts;
import dev.diptych.encoding.SentenceVectors;
import dev.diptych.encoding.TextOptions;
import dev.diptych.encoding.VectorOptions;
import dev.diptych.encoding.WordTokenizer;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Head.Labels;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.tasks.FixtureEncoders;
import dev.diptych.tasks.TextClassifier;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncoderDecidersTests {

  private static final DecisionLimits LIMITS = new DecisionLimits(2, 100, 10_000);
  private static final Keeper KEEPER = _ -> {};
  private static final int MOST_TOKENS = 64;
  private static final Question ANIMAL =
      new Question.Choice(
          "Which animal?",
          List.of(new Option("cat", "it purrs"), Option.of("dog"), Option.of("bird")));
  private static final Question CALM =
      new Question.Score(
          "How calm is it?", List.of(Option.of("low"), Option.of("mid"), Option.of("high")));

  private static TextClassifier classifier(String... labels) {
    Head head =
        new Head.SequenceClassifier(new Labels(List.of(labels), null), Pooling.CLS, null, true);
    return new TextClassifier(
        new HeadedEncoder(
            new EncoderEngine("fake", new FakeEncoder(MOST_TOKENS, head, _ -> {}), 512, 1000),
            new WordTokenizer(),
            new EncoderLimits(MOST_TOKENS, 32, true),
            ModelFacts.ofEncoder("fake", "float32", "cpu", MOST_TOKENS),
            new AnswerMemory(1 << 20, "diptych.encoding.answer-memory")));
  }

  private static Embedder embedder(int maxClientBatchSize) {
    return new Embedder(
        new EncoderEngine("words", new FakeEncoder(MOST_TOKENS, _ -> {}), 64, 1000),
        new WordTokenizer(),
        SentenceVectors.of(Pooling.MEAN),
        new EncoderLimits(MOST_TOKENS, maxClientBatchSize, true),
        Prompts.NONE,
        ModelFacts.ofEncoder("words", "float32", "cpu", MOST_TOKENS),
        new AnswerMemory(1 << 20, "diptych.encoding.answer-memory"));
  }

  private static void assertProbabilities(Answer answer, double... expected) {
    assertThat(answer.probabilities()).containsExactly(expected, within(1e-4));
    assertThat(answer.labelMass()).isNull();
  }

  @Test
  void entailmentIsReadAsTransformersComputesIt() throws Exception {
    try (FixtureEncoders fixtures = new FixtureEncoders();
        TextClassifier classifier = new TextClassifier(fixtures.open("deberta-nli"))) {
      Decisions decisions =
          new ClassifierDecider(classifier, LIMITS)
              .decide(
                  "The cat sat on the mat.",
                  List.of(
                      ANIMAL,
                      CALM,
                      new Question.Predicate("Is it a cat?", null, ""),
                      new Question.Predicate("Is it a cat?", "It purrs", "It barks")),
                  KEEPER);

      assertProbabilities(
          decisions.answers().get(0), 0.4174265162779091, 0.32674727554659433, 0.2558262081754966);
      assertProbabilities(
          decisions.answers().get(1), 0.15257920820548854, 0.19036741542061092, 0.6570533763739006);
      assertProbabilities(decisions.answers().get(2), 0.40759001583305904, 0.5924099841669409);
      assertProbabilities(decisions.answers().get(3), 0.4824342777050947, 0.5175657222949053);
      assertThat(decisions.inputTokens()).isPositive();
    }
  }

  @Test
  void aClassifierChoosesAmongItsOwnClasses() throws Exception {
    try (TextClassifier classifier = classifier("negative", "neutral", "Positive")) {
      Decider decider = new ClassifierDecider(classifier, LIMITS);
      Question both =
          new Question.Choice("How?", List.of(Option.of("positive"), Option.of("negative")));
      Question all =
          new Question.Score(
              "How?", List.of(Option.of("negative"), Option.of("neutral"), Option.of("positive")));

      List<Answer> answers = decider.decide("the cat", List.of(both, all), KEEPER).answers();

      double[] three = answers.get(1).probabilities();
      assertProbabilities(
          answers.get(0), three[2] / (three[0] + three[2]), three[0] / (three[0] + three[2]));
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(() -> decider.decide("the cat", List.of(ANIMAL), KEEPER))
          .withMessage(
              "the model tells only its own classes apart (negative, neutral, Positive), and `cat`"
                  + " is none of them");
    }
  }

  @Test
  void similarityIsTheCosineOfStateAndOptionWhateverTheOtherQuestions() throws Exception {
    try (Embedder embedder = embedder(2)) {
      Decider decider = new SimilarityDecider(embedder, LIMITS);
      float[][] vectors =
          embedder
              .embed(
                  List.of(new EmbedInput.Text("the cat"), new EmbedInput.Text("low")),
                  TextOptions.DEFAULT,
                  VectorOptions.DEFAULT,
                  KEEPER)
              .vectors();
      double cosine =
          IntStream.range(0, vectors[0].length)
              .mapToDouble(i -> (double) vectors[0][i] * vectors[1][i])
              .sum();

      List<Answer> together =
          decider
              .decide(
                  "the cat",
                  List.of(ANIMAL, CALM, new Question.Predicate("dog", null, null)),
                  KEEPER)
              .answers();
      Answer alone = decider.decide("the cat", List.of(CALM), KEEPER).answers().getFirst();

      assertThat(together.get(1).probabilities()).containsExactly(alone.probabilities());
      assertThat(together.get(2).probabilities()).hasSize(2);
      Answer same =
          decider
              .decide(
                  "the cat",
                  List.of(new Question.Score("", List.of(Option.of("low"), Option.of("the cat")))),
                  KEEPER)
              .answers()
              .getFirst();
      assertProbabilities(
          same, 1 / (1 + Math.exp((1 - cosine) / 0.05)), 1 / (1 + Math.exp((cosine - 1) / 0.05)));
    }
  }

  @Test
  void whatIsTooLongOrTooMuchIsRefusedAndNothingIsCut() {
    try (Embedder embedder = embedder(32);
        TextClassifier classifier = classifier("entailment", "neutral", "contradiction")) {
      String state = "cat ".repeat(MOST_TOKENS);
      for (Decider decider :
          List.of(
              new SimilarityDecider(embedder, LIMITS), new ClassifierDecider(classifier, LIMITS))) {
        assertThatExceptionOfType(InvalidInput.class)
            .isThrownBy(() -> decider.decide(state, List.of(ANIMAL), KEEPER))
            .withMessageContaining(" must have at most 64 tokens");
      }
      assertThatExceptionOfType(InvalidInput.class)
          .isThrownBy(
              () ->
                  new ClassifierDecider(classifier, new DecisionLimits(1, 100, 20))
                      .decide("the cat", List.of(ANIMAL), KEEPER))
          .withMessageContaining("(diptych.decisions.max-tokens)");
    }
  }
}
