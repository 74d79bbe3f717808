package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.DiptychSettings;
import dev.diptych.InferenceFailed;
import dev.diptych.Overloaded;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.sampling.SamplingParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

@Timeout(60)
class TextGeneratorTests {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();
  private static final SamplingParameters DRAWN =
      new SamplingParameters(
          true, 1.5f, 30, null, null, null, 1.1f, null, null, null, Map.of(), 77L);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeDecoder decoder = new FakeDecoder(400);
  private final TextGenerator generator =
      new TextGenerator(
          decoder,
          TOKENIZER,
          GenerationDefaults.endingWith(Set.of()),
          settings(8, 4, 4_000),
          "fake",
          "float32",
          "cpu");

  @AfterEach
  void close() {
    callers.shutdownNow();
    decoder.release();
    generator.close();
    assertThat(generator.activeGenerations()).isZero();
    assertThat(decoder.isClosed()).isTrue();
  }

  @Test
  void generatesWhatTheModelSays() throws Exception {
    try (Generation generation = generator.start(GenerationRequest.greedy("Hello", 12))) {
      GenerationEvent.Finished finished = generation.result();

      int[] expected = FakeDecoder.greedyAnswer(TOKENIZER.encode("Hello", true), 12);
      Completion completion = finished.completion();
      assertThat(completion.tokens())
          .extracting(GeneratedToken::id)
          .containsExactly(boxed(expected));
      assertThat(completion.text()).isEqualTo(TOKENIZER.decode(expected, true));
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(completion.seed()).isNull();
      assertThat(generation.promptTokens()).isEqualTo(5);
    }
  }

  @Test
  void tokensComeOneByOneAndTheLastWithTheEnd() throws Exception {
    decoder.byHand();
    try (Generation generation = generator.start(GenerationRequest.greedy("Hello", 3))) {
      assertThat(generation.next(Duration.ZERO)).isNull();
      decoder.step(1);
      assertThat(generation.next(LONG))
          .isInstanceOfSatisfying(
              GenerationEvent.Token.class, token -> assertThat(token.index()).isEqualTo(1));
      assertThat(generation.next(Duration.ZERO)).isNull();
      decoder.step(2);
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Token.class);
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Answered.class);
      assertThat(generation.next(LONG))
          .isInstanceOfSatisfying(
              GenerationEvent.Finished.class,
              finished -> assertThat(finished.completion().tokens()).hasSize(3));
      assertThatThrownBy(() -> generation.next(LONG)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aTextIsTheSameAloneAndAmongOthers() throws Exception {
    Random random = new Random(5);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String prompt = "p" + "abcdefghij".repeat(1 + random.nextInt(8)) + i;
      requests.add(request(prompt, 30, i % 2 == 0 ? SamplingParameters.GREEDY : DRAWN, List.of()));
    }
    List<String> alone = new ArrayList<>();
    for (GenerationRequest request : requests) {
      alone.add(text(request));
    }

    decoder.byHand();
    List<Generation> together = requests.stream().map(generator::start).toList();
    decoder.release();

    for (int i = 0; i < together.size(); i++) {
      assertThat(together.get(i).result().completion().text()).isEqualTo(alone.get(i));
    }
    assertThat(decoder.largestBatch).hasValue(4);
  }

  @Test
  void closingStopsWithinAStepAndGivesThePermitBack() throws Exception {
    decoder.byHand();
    Generation closed = generator.start(GenerationRequest.greedy("Hello", 300));
    decoder.step(3);
    for (int i = 0; i < 3; i++) {
      assertThat(closed.next(LONG)).isNotNull();
    }
    closed.close();
    closed.close();
    Generation next = generator.start(GenerationRequest.greedy("World", 1));

    decoder.step(2); // the pass that was under way, then the new prompt
    next.result();

    assertThat(decoder.forwards).hasValueLessThanOrEqualTo(5);
    generator.drain(LONG);
    assertThat(generator.activeGenerations()).isZero();
  }

  @Test
  void closingOnAnotherThreadEndsTheWaitForTheResult() throws Exception {
    decoder.byHand();
    Generation generation = generator.start(GenerationRequest.greedy("Hello", 300));
    Future<?> waiter = callers.submit(generation::result);
    generation.close();
    decoder.step(1);

    assertThatThrownBy(waiter::get).hasCauseInstanceOf(InferenceFailed.class);
    awaitActive(0);
  }

  @Test
  void anInterruptedCallerStopsCostingWithinAStepAndGivesItsPermitBack() throws Exception {
    decoder.byHand();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () ->
                    assertThatThrownBy(() -> completion(GenerationRequest.greedy("Hello", 300)))
                        .isInstanceOf(InterruptedException.class));
    awaitActive(1);
    waiter.interrupt();
    waiter.join();
    decoder.step(1);

    awaitActive(0);
    assertThat(decoder.forwards).hasValueLessThanOrEqualTo(1);
  }

  @Test
  void closedWhileWaitingIsNeverComputed() throws Exception {
    decoder.byHand();
    Generation running = generator.start(GenerationRequest.greedy("Hello", 2));
    Generation waiting = generator.start(GenerationRequest.greedy("World", 300));
    waiting.close();
    decoder.release();

    running.result();

    assertThat(decoder.prefilledTokens).hasValue(5);
  }

  @Test
  void oneTooManyIsRefusedAtOnce() {
    decoder.byHand();
    List<Generation> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      generator.requireRoom();
      running.add(generator.start(GenerationRequest.greedy("Hello", 5)));
    }

    assertThatThrownBy(() -> generator.start(GenerationRequest.greedy("Hello", 5)))
        .isInstanceOf(Overloaded.class);
    assertThatThrownBy(generator::requireRoom).isInstanceOf(Overloaded.class);
    running.forEach(Generation::close);
  }

  @Test
  void aPermitIsKeptUntilWhatWasGeneratedIsRead() throws Exception {
    List<Generation> ended = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Generation generation = generator.start(GenerationRequest.greedy("Hello", 5));
      ended.add(generation);
      generation.result();
    }

    assertThat(generator.activeGenerations()).isZero();
    assertThatThrownBy(() -> generator.start(GenerationRequest.greedy("Hello", 5)))
        .isInstanceOf(Overloaded.class);
    ended.getFirst().close();
    ended.getFirst().close();
    assertThat(text(GenerationRequest.greedy("Hello", 5))).isNotEmpty();
    ended.forEach(Generation::close);
  }

  @Test
  void aStopSequenceEndsTheTextAcrossTokens() throws Exception {
    String full = text(GenerationRequest.greedy("Hello", 20));
    String stop = full.substring(7, 10);

    Completion completion =
        completion(request("Hello", 20, SamplingParameters.GREEDY, List.of("never seen", stop)));

    assertThat(completion.text()).isEqualTo(full.substring(0, full.indexOf(stop) + 3));
    assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP_SEQUENCE);
    assertThat(completion.tokens()).hasSize(full.indexOf(stop) + 3);
  }

  @Test
  void aStopSequenceThatIsASpecialTokenEndsTheAnswerAndIsNotInTheText() throws Exception {
    int[] expected = FakeDecoder.greedyAnswer(TOKENIZER.encode("Hello", true), 20);
    int special = expected[6];
    LetterTokenizer specials =
        new LetterTokenizer() {
          @Override
          public boolean isSpecial(int id) {
            return id == special;
          }
        };
    String name = TOKENIZER.decode(new int[] {special}, false);
    String before = TOKENIZER.decode(Arrays.copyOf(expected, 6), true);
    for (Set<Integer> endOfText : List.of(Set.<Integer>of(), Set.of(special))) {
      try (TextGenerator stopping =
          new TextGenerator(
              new FakeDecoder(400),
              specials,
              GenerationDefaults.endingWith(endOfText),
              settings(8, 4, 4_000),
              "stopping",
              "float32",
              "cpu")) {
        for (String stop : List.of(name, before.substring(4) + name)) {
          try (Generation generation =
              stopping.start(request("Hello", 20, SamplingParameters.GREEDY, List.of(stop)))) {
            Completion completion = generation.result().completion();

            assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP_SEQUENCE);
            assertThat(completion.tokens()).hasSize(7);
            assertThat(completion.tokens().getLast().special()).isTrue();
            assertThat(completion.text()).isEqualTo(before);
          }
        }
      }
    }
  }

  @Test
  void theEndOfTextTokenEndsTheAnswerAndIsNotInTheText() throws Exception {
    int[] expected = FakeDecoder.greedyAnswer(TOKENIZER.encode("Hello", true), 20);
    int end = expected[6];
    try (TextGenerator ending =
        new TextGenerator(
            new FakeDecoder(400),
            TOKENIZER,
            GenerationDefaults.endingWith(Set.of(end)),
            settings(8, 4, 4_000),
            "ending",
            "float32",
            "cpu")) {
      Completion completion =
          ending.start(GenerationRequest.greedy("Hello", 20)).result().completion();

      assertThat(completion.finishReason()).isEqualTo(FinishReason.END_OF_TEXT);
      assertThat(completion.tokens().getLast().id()).isEqualTo(end);
      assertThat(completion.tokens().getLast().special()).isTrue();
      assertThat(completion.text()).hasSize(completion.tokens().size() - 1);
    }
  }

  @Test
  void aFailureCostsOnlyTheSequencesInvolved() throws Exception {
    decoder.failOn(token -> token == TOKENIZER.encode("~", true)[0]);
    Generation doomed = generator.start(GenerationRequest.greedy("abc~", 5));
    assertThatThrownBy(doomed::result)
        .isInstanceOf(InferenceFailed.class)
        .hasMessageContaining("cannot compute token 95");

    assertThat(text(GenerationRequest.greedy("Hello", 4))).isNotEmpty();
    decoder.failOn(token -> true);
    Generation failing = generator.start(GenerationRequest.greedy("Hello", 5));
    assertThatThrownBy(failing::result).isInstanceOf(InferenceFailed.class);
    decoder.failOn(token -> false);

    assertThat(text(GenerationRequest.greedy("Hello", 12)))
        .isEqualTo(
            TOKENIZER.decode(FakeDecoder.greedyAnswer(TOKENIZER.encode("Hello", true), 12), true));
  }

  @Test
  void aPromptThatFailsInAPassWithOthersCostsOnlyItself() throws Exception {
    decoder.failOn(token -> token == TOKENIZER.encode("~", true)[0]);
    decoder.byHand();
    Generation running = generator.start(GenerationRequest.greedy("Hello", 12));
    decoder.step(2);
    Generation doomed = generator.start(GenerationRequest.greedy("abc~", 5));
    Generation beside = generator.start(GenerationRequest.greedy("World", 12));
    decoder.release();

    assertThatThrownBy(doomed::result).isInstanceOf(InferenceFailed.class);
    assertThat(running.result().completion().text()).isEqualTo(alone("Hello"));
    assertThat(beside.result().completion().text()).isEqualTo(alone("World"));
  }

  private static String alone(String prompt) {
    return TOKENIZER.decode(FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), 12), true);
  }

  @Test
  void aCacheThatCannotGrowFailsWhatNeededItAndNothingElse() throws Exception {
    decoder.failReserve(true);
    Generation failing = generator.start(GenerationRequest.greedy("Hello", 5));
    assertThatThrownBy(failing::result)
        .isInstanceOf(InferenceFailed.class)
        .hasMessageContaining("no memory");
    decoder.failReserve(false);

    assertThat(text(GenerationRequest.greedy("Hello", 5))).isNotEmpty();
  }

  @Test
  void describesThePromptWithTheProbabilitiesOfItsTokens() throws Exception {
    String prompt = "The quick brown fox jumps over the lazy dog";
    Completion completion =
        completion(
            new GenerationRequest(
                new Prompt.Text(prompt, true),
                2,
                null,
                SamplingParameters.GREEDY,
                Ending.BY_THE_MODEL,
                Choices.ONE,
                new Report(3, true, false)));

    int[] ids = TOKENIZER.encode(prompt, true);
    assertThat(completion.prompt()).extracting(GeneratedToken::id).containsExactly(boxed(ids));
    assertThat(completion.prompt().getFirst().logProbability()).isNull();
    for (int i = 1; i < ids.length; i++) {
      assertThat(completion.prompt().get(i).logProbability())
          .isCloseTo(logProbability(ids, i), within(1e-4f));
    }
    assertThat(completion.topTokens()).hasSize(2).allSatisfy(top -> assertThat(top).hasSize(3));
    assertThat(completion.topTokens().getFirst().getFirst())
        .isEqualTo(completion.tokens().getFirst());
  }

  @Test
  void bestOfChoosesTheMostProbableAnswer() throws Exception {
    SamplingParameters sampling =
        new SamplingParameters(
            true, 2f, null, null, null, null, null, null, null, null, Map.of(), null);
    GenerationRequest request =
        new GenerationRequest(
            new Prompt.Text("Hello", true),
            6,
            null,
            sampling,
            Ending.BY_THE_MODEL,
            new Choices(1, 2),
            Report.OF_THE_ANSWER);

    GenerationEvent.Finished finished = generator.start(request).result();

    assertThat(finished.others()).hasSize(1);
    assertThat(finished.completion().meanLogProbability())
        .isGreaterThanOrEqualTo(finished.others().getFirst().meanLogProbability());
    assertThat(finished.completion().seed()).isNotEqualTo(finished.others().getFirst().seed());
  }

  @Test
  void aDrawnSeedIsReportedAndRepeatsTheText() throws Exception {
    SamplingParameters sampling =
        new SamplingParameters(
            true, 2f, null, null, null, null, null, null, null, null, Map.of(), null);
    Completion drawn = completion(request("Hello", 20, sampling, List.of()));
    Long seed = drawn.seed();
    assertThat(seed).isNotNull();

    Completion again =
        completion(
            request(
                "Hello",
                20,
                new SamplingParameters(
                    true, 2f, null, null, null, null, null, null, null, null, Map.of(), seed),
                List.of()));

    assertThat(again).isEqualTo(drawn);
  }

  private void awaitActive(int expected) {
    while (generator.activeGenerations() != expected) {
      Thread.onSpinWait();
    }
  }

  private Completion completion(GenerationRequest request) throws InterruptedException {
    try (Generation generation = generator.start(request)) {
      return generation.result().completion();
    }
  }

  private String text(GenerationRequest request) throws InterruptedException {
    return completion(request).text();
  }

  private static GenerationRequest request(
      String prompt,
      @Nullable Integer maxNewTokens,
      SamplingParameters sampling,
      List<String> stop) {
    return new GenerationRequest(
        new Prompt.Text(prompt, true),
        maxNewTokens,
        null,
        sampling,
        new Ending(stop, true, false),
        Choices.ONE,
        Report.OF_THE_ANSWER);
  }

  private static Integer[] boxed(int[] ids) {
    return Arrays.stream(ids).boxed().toArray(Integer[]::new);
  }

  private static float logProbability(int[] ids, int position) {
    float[] row = FakeDecoder.logits(ids, position);
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit);
    }
    return (float) (row[ids[position]] - Math.log(sum));
  }

  /** Settings with a cache of so many tokens of 1 KiB. */
  static DiptychSettings.Generation settings(int requests, int batch, int cacheTokens) {
    return settings(requests, batch, cacheTokens, 8);
  }

  static DiptychSettings.Generation settings(
      int requests, int batch, int cacheTokens, int promptLookupTokens) {
    return new DiptychSettings.Generation(
        requests,
        batch,
        0,
        0,
        100,
        2048,
        true,
        4,
        30,
        5,
        2,
        16,
        promptLookupTokens,
        DataSize.ofKilobytes(cacheTokens),
        DataSize.ofMegabytes(4),
        Duration.ofSeconds(5),
        Duration.ofMillis(300));
  }
}
