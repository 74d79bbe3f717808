package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.DiptychSettings;
import dev.diptych.InvalidInput;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.sampling.SamplingParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/** Requests for more than one answer. */
@Timeout(60)
class SeveralAnswersTests {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();
  private static final Prompt PROMPT =
      new Prompt.Text("The quick brown fox jumps over the lazy dog", true);

  private final FakeDecoder decoder = new FakeDecoder(400);
  private final TextGenerator generator =
      new TextGenerator(
          decoder,
          TOKENIZER,
          GenerationDefaults.endingWith(Set.of()),
          settings(DataSize.ofMegabytes(1)),
          "fake",
          "float32",
          "cpu");

  @AfterEach
  void close() {
    decoder.release();
    generator.close();
  }

  @Test
  void aSeedGivesDifferentAnswersThatCanEachBeRepeated() throws Exception {
    GenerationRequest request = drawn(7L).with(new Choices(4, 4));

    GenerationEvent.Finished finished = result(request);

    assertThat(finished.completions())
        .hasSize(4)
        .extracting(Completion::text)
        .doesNotHaveDuplicates();
    assertThat(finished.others()).isEmpty();
    assertThat(finished.completions().getFirst().seed()).isEqualTo(7L);
    assertThat(result(request).completions()).isEqualTo(finished.completions());
    for (Completion completion : finished.completions()) {
      assertThat(result(drawn(completion.seed())).completion()).isEqualTo(completion);
    }
  }

  @Test
  void theSeedsOfAnswersWrapAround() throws Exception {
    GenerationEvent.Finished finished = result(drawn(-1L).with(new Choices(2, 2)));

    assertThat(finished.completions()).extracting(Completion::seed).containsExactly(-1L, 0L);
  }

  @Test
  void thePromptIsComputedOnce() throws Exception {
    int tokens = TOKENIZER.encode(((Prompt.Text) PROMPT).text(), true).length;

    result(drawn(7L).with(new Choices(8, 8)));

    assertThat(decoder.prefilledTokens).hasValue(tokens);
  }

  @Test
  void theMostProbableOfThoseDrawnAreReturned() throws Exception {
    GenerationEvent.Finished finished = result(drawn(7L).with(new Choices(2, 5)));

    List<Completion> all = new ArrayList<>(finished.completions());
    all.addAll(finished.others());
    assertThat(finished.completions()).hasSize(2);
    assertThat(all).hasSize(5);
    assertThat(all.stream().map(completion -> -completion.meanLogProbability()).toList())
        .isSorted();
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(
            result(drawn(7L).with(new Choices(5, 5))).completions());
  }

  @Test
  void greedyAnswersAreAllTheSame() throws Exception {
    GenerationRequest request =
        GenerationRequest.of(PROMPT, 20, SamplingParameters.GREEDY).with(new Choices(3, 3));

    assertThat(result(request).completions()).hasSize(3).containsOnly(alone(request));
  }

  @Test
  void everyAnswerIsToldAsItGrows() throws Exception {
    GenerationRequest request =
        drawn(7L)
            .with(new Choices(3, 3))
            .with(new Ending(List.of("ab", "x"), false, false))
            .with(new Report(2, false, true));
    List<StringBuilder> texts =
        List.of(new StringBuilder(), new StringBuilder(), new StringBuilder());
    List<List<GeneratedToken>> tokens =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<@Nullable Completion> answered = new ArrayList<>(List.of());
    for (int i = 0; i < 3; i++) {
      answered.add(null);
    }

    try (Generation generation = generator.start(request)) {
      GenerationEvent event = Objects.requireNonNull(generation.next(LONG));
      while (!(event instanceof GenerationEvent.Finished)) {
        switch (event) {
          case GenerationEvent.Token(int answer, int index, GeneratedToken token, var top) -> {
            assertThat(answered.get(answer)).isNull();
            tokens.get(answer).add(token);
            texts.get(answer).append(token.text());
            assertThat(index).isEqualTo(tokens.get(answer).size());
            assertThat(top).hasSize(2);
          }
          case GenerationEvent.Answered(int answer, Completion completion) -> {
            answered.set(answer, completion);
            tokens.get(answer).add(completion.tokens().getLast());
            texts.get(answer).append(completion.tokens().getLast().text());
          }
          default -> throw new AssertionError(event);
        }
        event = Objects.requireNonNull(generation.next(LONG));
      }

      List<Completion> completions = ((GenerationEvent.Finished) event).completions();
      assertThat(answered).isEqualTo(completions);
      for (int i = 0; i < 3; i++) {
        assertThat(completions.get(i).tokens()).isEqualTo(tokens.get(i));
        assertThat(completions.get(i).text()).isEqualTo(texts.get(i).toString());
      }
    }
  }

  @Test
  void nothingIsToldOfAnswersThatMayNotBeReturned() throws Exception {
    try (Generation generation = generator.start(drawn(7L).with(new Choices(1, 3)))) {
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Finished.class);
    }
  }

  @Test
  void closingEndsAllAnswers() throws Exception {
    decoder.byHand();
    Generation generation = generator.start(drawn(7L).with(new Choices(8, 8)));
    decoder.step(3);
    assertThat(generation.next(LONG)).isNotNull();
    generation.close();
    decoder.release();

    assertThatThrownBy(generation::result).isNotNull();
    assertThat(generator.activeGenerations()).isZero();
    assertThat(alone(drawn(9L))).isNotNull();
  }

  @Test
  void nothingIsKeptOfAnswersThatHaveBeenTold() throws Exception {
    try (Generation generation = generator.start(drawn(7L).with(new Choices(3, 3)))) {
      generation.result();

      assertThat(generation.answers()).isEmpty();
    }
  }

  @Test
  void allAnswersTellOfThePromptThatTheFirstHasComputed() throws Exception {
    GenerationEvent.Finished finished =
        result(drawn(7L).with(new Choices(3, 3)).with(new Report(2, true, false)));

    assertThat(finished.completions())
        .allSatisfy(
            completion -> {
              assertThat(completion.prompt()).hasSize(43);
              assertThat(completion.prompt()).isEqualTo(finished.completion().prompt());
            });
  }

  @Test
  void refusesNumbersOfAnswersThatCannotBe() {
    assertRefused(drawn(1L).with(new Choices(9, 9)), "`best_of` must be > 0 and <= 8. Given: 9");
    assertRefused(
        drawn(1L).with(new Choices(0, 1)), "`n` must be > 0 and <= `best_of`. Given: 0 of 1");
    assertRefused(
        drawn(1L).with(new Choices(3, 2)), "`n` must be > 0 and <= `best_of`. Given: 3 of 2");
  }

  private void assertRefused(GenerationRequest request, String message) {
    assertThatThrownBy(() -> generator.start(request))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  private Completion alone(GenerationRequest request) throws InterruptedException {
    return result(request.with(Choices.ONE)).completion();
  }

  private GenerationEvent.Finished result(GenerationRequest request) throws InterruptedException {
    try (Generation generation = generator.start(request)) {
      return generation.result();
    }
  }

  private static GenerationRequest drawn(@Nullable Long seed) {
    return GenerationRequest.of(
        PROMPT,
        20,
        new SamplingParameters(
            true, 2f, null, null, null, null, null, null, null, null, Map.of(), seed));
  }

  static DiptychSettings.Generation settings(DataSize answerMemory) {
    return new DiptychSettings.Generation(
        8,
        8,
        0,
        0,
        100,
        2048,
        true,
        4,
        30,
        20,
        8,
        16,
        8,
        DataSize.ofKilobytes(4000),
        answerMemory,
        Duration.ofSeconds(5),
        Duration.ofMillis(300));
  }
}
