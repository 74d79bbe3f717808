package dev.diptych.tasks.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import dev.diptych.generation.FakeDecoder;
import dev.diptych.generation.Generation;
import dev.diptych.generation.GenerationRequest;
import dev.diptych.generation.TextGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecoderDeciderTests {

  private static final int CONTEXT = 1_000;
  private static final DecisionLimits LIMITS = new DecisionLimits(1, 10, 100_000);
  private static final String STATE =
      "The parcel came late, was open, and what was in it had been broken on its way.";
  private static final Question LATE = new Question.Predicate("Was it late?", null, null);
  private static final Question TEAM =
      new Question.Choice(
          "Which team?",
          List.of(new Option("post", "Parcels"), Option.of("shop"), Option.of("bank")));
  private static final Question MOOD =
      new Question.Score("How angry?", List.of(Option.of("calm"), Option.of("cross")));

  private final FakeDecoder decoder = new FakeDecoder(CONTEXT);
  private final List<TextGenerator> opened = new ArrayList<>();

  @AfterEach
  void close() {
    decoder.release();
    opened.forEach(TextGenerator::close);
  }

  private TextGenerator generator(int maxConcurrentRequests) throws IOException {
    TextGenerator generator = FakeDecider.generator(decoder, maxConcurrentRequests);
    opened.add(generator);
    return generator;
  }

  private Decider decider(DecisionLimits limits) throws IOException {
    return new DecoderDecider(generator(128), limits, new KnownLabels());
  }

  private static Decisions decide(Decider decider, Question... questions)
      throws InterruptedException {
    return decider.decide(STATE, List.of(questions), _ -> {});
  }

  /** Logarithms of the probabilities of all tokens behind a prompt. */
  private static double[] behind(String user) {
    int[] prompt = FakeDecider.prompt(user);
    float[] logits = FakeDecoder.logits(prompt, prompt.length);
    double total =
        Math.log(IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum());
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i] - total).toArray();
  }

  private static double of(double[] logarithms, String label) {
    return Math.exp(logarithms[new FakeDecider.Words().encode(label, false)[0]]);
  }

  private static void assertShares(Answer answer, double... weights) {
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      assertThat(answer.probabilities()[i]).isCloseTo(weights[i] / sum, within(1e-6));
    }
  }

  @Test
  void aChoiceIsWhatTheLettersWeighBehindThePrompt() throws Exception {
    Answer answer = decide(decider(LIMITS), TEAM).answers().getFirst();

    double[] next =
        behind(
            STATE
                + "\n\n"
                + "Which team?\n"
                + "A. post: Parcels\n"
                + "B. shop\n"
                + "C. bank\n"
                + "Answer with the letter only.");
    assertShares(answer, of(next, "A"), of(next, "B"), of(next, "C"));
    assertThat(answer.labelMass())
        .isCloseTo(of(next, "A") + of(next, "B") + of(next, "C"), within(1e-6));
  }

  @Test
  void aPredicateIsWhatAllSpellingsOfYesAndNoWeigh() throws Exception {
    Question question = new Question.Predicate("Was it late?", "It came late", "");

    Answer answer = decide(decider(LIMITS), question).answers().getFirst();

    double[] next =
        behind(STATE + "\n\nWas it late?\nYes: It came late\nAnswer with yes or no only.");
    assertShares(answer, of(next, "Yes") + of(next, "yes"), of(next, "No") + of(next, "no"));
  }

  @Test
  void aScoreIsWhatTheNumbersWeighWhateverTheRotations() throws Exception {
    Answer answer = decide(decider(new DecisionLimits(2, 10, 100_000)), MOOD).answers().getFirst();

    double[] next =
        behind(STATE + "\n\nHow angry?\n0. calm\n1. cross\nAnswer with the number only.");
    assertShares(answer, of(next, "0"), of(next, "1"));
  }

  @Test
  void theOrdersOfAChoiceAreAveragedInLogarithms() throws Exception {
    Answer answer = decide(decider(new DecisionLimits(3, 10, 100_000)), TEAM).answers().getFirst();

    String[] lines = {"post: Parcels", "shop", "bank"};
    double[] product = {1, 1, 1};
    double mass = 0;
    for (int turn = 0; turn < 3; turn++) {
      double[] next =
          behind(
              STATE
                  + "\n\nWhich team?\nA. %s\nB. %s\nC. %s\nAnswer with the letter only."
                      .formatted(lines[turn], lines[(turn + 1) % 3], lines[(turn + 2) % 3]));
      double sum = of(next, "A") + of(next, "B") + of(next, "C");
      mass += sum / 3;
      for (int place = 0; place < 3; place++) {
        product[(turn + place) % 3] *=
            Math.cbrt(of(next, String.valueOf((char) ('A' + place))) / sum);
      }
    }
    assertShares(answer, product);
    assertThat(answer.labelMass()).isCloseTo(mass, within(1e-6));
  }

  @Test
  void whatAllQuestionsBeginWithIsComputedOnce() throws Exception {
    Decider decider = decider(new DecisionLimits(3, 10, 100_000));
    int shared = FakeDecider.prompt(STATE).length - "[assistant]".length();

    Decisions decisions = decide(decider, LATE, TEAM, MOOD, LATE);

    assertThat(decisions.cachedTokens()).isGreaterThanOrEqualTo(5L * shared);
    assertThat(decisions.inputTokens())
        .isEqualTo(decoder.prefilledTokens.get() + decisions.cachedTokens());
  }

  @Test
  void noAnswerDependsOnTheOtherQuestionsOrTheirOrder() throws Exception {
    Decider decider = decider(LIMITS);

    List<Answer> together = decide(decider, LATE, TEAM, MOOD).answers();
    List<Answer> reversed = decide(decider, MOOD, TEAM, LATE).answers();

    for (int i = 0; i < 3; i++) {
      assertThat(reversed.get(2 - i).probabilities())
          .containsExactly(together.get(i).probabilities());
    }
    assertThat(decide(decider, TEAM).answers().getFirst().probabilities())
        .containsExactly(together.get(1).probabilities());
  }

  @Test
  void moreOptionsThanTheTokenizerHasLabelsForAreRefused() throws Exception {
    Decider decider = decider(LIMITS);
    List<Option> options = IntStream.range(0, 53).mapToObj(i -> Option.of("o" + i)).toList();

    Answer most =
        decide(decider, new Question.Choice("Which?", options.subList(0, 52))).answers().getFirst();

    assertThat(most.probabilities()).hasSize(52);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> decide(decider, new Question.Choice("Which?", options)))
        .withMessageContaining("at most 52 options")
        .withMessageEndingWith("Given: 53");
  }

  @Test
  void aStateThatIsTooLongIsRefusedWithItsLimit() throws Exception {
    Decider decider = decider(LIMITS);

    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> decider.decide("a".repeat(CONTEXT), List.of(LATE), _ -> {}))
        .withMessageStartingWith("`state` with a question must have at most 999 tokens. Given: 1")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.TOO_LONG));
    assertThat(decoder.forwards).hasValue(0);
  }

  @Test
  void questionsAndTheirTokensAreBounded() throws Exception {
    Question[] many = IntStream.range(0, 11).mapToObj(_ -> LATE).toArray(Question[]::new);
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> decide(decider(LIMITS), many))
        .withMessage(
            "`questions` must have at most 10 (diptych.decisions.max-questions). Given: 11");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> decide(decider(LIMITS)))
        .withMessage("`questions` cannot be empty");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> decide(decider(new DecisionLimits(1, 10, 200)), LATE, TEAM))
        .withMessageStartingWith("`questions` come to more than 200 tokens")
        .withMessageEndingWith("(diptych.decisions.max-tokens)");
    assertThat(decoder.forwards).hasValue(0);
  }

  @Test
  void moreQuestionsThanPlacesAreAnsweredOneAfterAnother() throws Exception {
    TextGenerator generator = generator(1);
    Decider decider = new DecoderDecider(generator, LIMITS, new KnownLabels());

    assertThat(decide(decider, LATE, TEAM, MOOD).answers()).hasSize(3);
    assertThat(generator.activeGenerations()).isZero();
  }

  @Test
  void aRequestWithoutAPlaceIsRefused() throws Exception {
    TextGenerator generator = generator(1);
    decoder.byHand();
    try (Generation _ = generator.start(GenerationRequest.greedy("a", 5))) {
      Decider decider = new DecoderDecider(generator, LIMITS, new KnownLabels());

      assertThatExceptionOfType(Overloaded.class).isThrownBy(() -> decide(decider, LATE));
    }
  }

  @Test
  void whatAClientThatLeftHasAskedIsGivenUp() throws Exception {
    TextGenerator generator = generator(128);
    Decider decider = new DecoderDecider(generator, LIMITS, new KnownLabels());
    decoder.byHand();
    CompletableFuture<Decisions> result = new CompletableFuture<>();
    Thread client =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    result.complete(decide(decider, LATE, TEAM, MOOD));
                  } catch (InterruptedException e) {
                    result.completeExceptionally(e);
                  }
                });
    while (generator.activeGenerations() < 1) {
      Thread.onSpinWait();
    }
    decoder.step(1);
    while (generator.activeGenerations() < 2) {
      Thread.onSpinWait();
    }

    client.interrupt();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .withCauseInstanceOf(InterruptedException.class);
    decoder.release();
    while (generator.activeGenerations() > 0) {
      Thread.onSpinWait();
    }
  }
}
