package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.GenerationDefaults;
import dev.diptych.sampling.SamplingParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What prompt lookup changes for a caller: the number of steps and nothing else. */
@Timeout(60)
class SpeculationTests {

  private static final int CONTEXT = 400;
  private static final int PERIOD = 7;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();
  private static final String VERSE = "abcdefg".repeat(6);
  private static final SamplingParameters DRAWN =
      new SamplingParameters(
          true, 1.5f, 30, null, null, null, 1.1f, null, null, null, Map.of(), 77L);
  private static final SamplingParameters PENALIZED =
      new SamplingParameters(
          false, null, null, null, null, null, 1.3f, 0.5f, null, null, Map.of(), null);

  private final FakeDecoder decoder = new FakeDecoder(CONTEXT, PERIOD);
  private final FakeDecoder plainDecoder = new FakeDecoder(CONTEXT, PERIOD);
  private final TextGenerator generator = generator(decoder, 8, Set.of());
  private final TextGenerator plain = generator(plainDecoder, 0, Set.of());

  @AfterEach
  void close() {
    decoder.release();
    generator.close();
    plain.close();
  }

  @Test
  void aRepetitiveTextTakesFewerSteps() throws Exception {
    GenerationRequest request = GenerationRequest.greedy(VERSE, 100);

    assertThat(completion(generator, request)).isEqualTo(completion(plain, request));

    assertThat(plainDecoder.decodes).hasValue(99);
    assertThat(decoder.decodes).hasValueLessThan(60);
  }

  @Test
  void greedyAndSeededTextsAreTheSameWithAndWithout() throws Exception {
    for (GenerationRequest request : requests()) {
      assertThat(completion(generator, request)).isEqualTo(completion(plain, request));
    }
    assertThat(decoder.decodes.get()).isLessThan(plainDecoder.decodes.get());
  }

  @Test
  void textsAreTheSameWithAndWithoutWhileManyRun() throws Exception {
    List<Completion> alone = new ArrayList<>();
    for (GenerationRequest request : requests()) {
      alone.add(completion(plain, request));
    }

    decoder.byHand();
    List<Generation> together = requests().stream().map(generator::start).toList();
    decoder.release();

    for (int i = 0; i < together.size(); i++) {
      assertThat(together.get(i).result().completion()).isEqualTo(alone.get(i));
    }
    assertThat(decoder.largestBatch).hasValueGreaterThan(1);
    assertThat(decoder.decodes.get()).isLessThan(plainDecoder.decodes.get());
  }

  @Test
  void theTokensOfAStepComeAsOneEventEachInOrder() throws Exception {
    List<GeneratedToken> tokens = new ArrayList<>();
    try (Generation generation = generator.start(GenerationRequest.greedy(VERSE, 50))) {
      GenerationEvent event = generation.next(LONG);
      while (event instanceof GenerationEvent.Token(_, int index, GeneratedToken token, _)) {
        tokens.add(token);
        assertThat(index).isEqualTo(tokens.size());
        event = generation.next(LONG);
      }

      Completion completion =
          ((GenerationEvent.Answered) Objects.requireNonNull(event)).completion();
      assertThat(completion.tokens()).hasSize(50).startsWith(tokens.toArray(GeneratedToken[]::new));
      assertThat(tokens).hasSize(49);
    }
  }

  @Test
  void anAnswerIsNeverLongerThanAskedFor() throws Exception {
    int[] expected = FakeDecoder.greedyAnswer(TOKENIZER.encode(VERSE, true), 30, PERIOD);
    for (int length = 1; length <= 30; length++) {
      Completion completion = completion(generator, GenerationRequest.greedy(VERSE, length));

      assertThat(ids(completion)).isEqualTo(Arrays.copyOf(expected, length));
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void theEndOfTextEndsAnAnswerInTheMiddleOfADraft() throws Exception {
    int[] answer = FakeDecoder.greedyAnswer(TOKENIZER.encode(VERSE, true), 60, PERIOD);
    for (int end : IntStream.of(answer).distinct().toArray()) {
      int length = IntStream.of(answer).boxed().toList().indexOf(end) + 1;
      try (TextGenerator ending = generator(new FakeDecoder(CONTEXT, PERIOD), 8, Set.of(end))) {
        Completion completion = completion(ending, GenerationRequest.greedy(VERSE, 60));

        assertThat(ids(completion)).isEqualTo(Arrays.copyOf(answer, length));
        assertThat(completion.finishReason()).isEqualTo(FinishReason.END_OF_TEXT);
      }
    }
  }

  @Test
  void aStopSequenceEndsAnAnswerInTheMiddleOfADraft() throws Exception {
    String text = completion(plain, GenerationRequest.greedy(VERSE, 60)).text();
    for (int from = 0; from + 3 < text.length(); from++) {
      String stop = text.substring(from, from + 3);
      int end = text.indexOf(stop) + 3;

      Completion completion =
          completion(generator, request(VERSE, 60, SamplingParameters.GREEDY, List.of(stop), 0));

      assertThat(completion.text()).isEqualTo(text.substring(0, end));
      assertThat(completion.tokens()).hasSize(end);
    }
  }

  @Test
  void everyAnswerOfBestOfIsTheOneOfItsSeed() throws Exception {
    for (String stop : List.of("ab", "bc", "cd", "never seen")) {
      List<String> stops = List.of(stop);
      GenerationRequest request =
          new GenerationRequest(
              new Prompt.Text(VERSE, true),
              40,
              null,
              sampled(null),
              new Ending(stops, true, false),
              new Choices(1, 2),
              Report.OF_THE_ANSWER);
      GenerationEvent.Finished finished = generator.start(request).result();

      for (Completion drawn : List.of(finished.completion(), finished.others().getFirst())) {
        SamplingParameters sampling = sampled(drawn.seed());
        assertThat(completion(plain, request(VERSE, 40, sampling, stops, 0))).isEqualTo(drawn);
      }
    }
  }

  @Test
  void cancellingBetweenDraftsLeavesNothingBehind() throws Exception {
    for (int steps = 1; steps < 12; steps++) {
      decoder.byHand();
      Generation cancelled = generator.start(GenerationRequest.greedy(VERSE, 300));
      decoder.step(steps);
      for (int i = 0; i < steps; i++) {
        assertThat(cancelled.next(LONG)).isNotNull();
      }
      cancelled.close();
      decoder.release();

      String longer = VERSE + "abcdefg";
      assertThat(ids(completion(generator, GenerationRequest.greedy(longer, 30))))
          .isEqualTo(FakeDecoder.greedyAnswer(TOKENIZER.encode(longer, true), 30, PERIOD));
    }
  }

  private static List<GenerationRequest> requests() {
    return List.of(
        request(VERSE, 60, SamplingParameters.GREEDY, List.of(), 0),
        request(VERSE + "x", 60, DRAWN, List.of(), 0),
        request(VERSE + "xyz", 60, PENALIZED, List.of(), 3),
        request("y" + VERSE, 60, sampled(5L), List.of("ab", "never seen"), 2),
        new GenerationRequest(
            new Prompt.Text(VERSE, true),
            60,
            null,
            DRAWN,
            Ending.BY_THE_MODEL,
            Choices.ONE,
            new Report(2, true, false)),
        request("nothing repeats here", 60, sampled(6L), List.of(), 0));
  }

  private static SamplingParameters sampled(@Nullable Long seed) {
    return new SamplingParameters(
        true, 2f, null, 0.95f, null, null, null, null, null, null, Map.of(), seed);
  }

  private static GenerationRequest request(
      String prompt, int maxNewTokens, SamplingParameters sampling, List<String> stop, int top) {
    return new GenerationRequest(
        new Prompt.Text(prompt, true),
        maxNewTokens,
        null,
        sampling,
        new Ending(stop, true, false),
        Choices.ONE,
        new Report(top, false, false));
  }

  private static Completion completion(TextGenerator generator, GenerationRequest request)
      throws InterruptedException {
    try (Generation generation = generator.start(request)) {
      return generation.result().completion();
    }
  }

  private static int[] ids(Completion completion) {
    return completion.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  private static TextGenerator generator(FakeDecoder decoder, int lookup, Set<Integer> endOfText) {
    return new TextGenerator(
        decoder,
        TOKENIZER,
        GenerationDefaults.endingWith(endOfText),
        TextGeneratorTests.settings(8, 4, 4_000, lookup),
        "fake",
        "float32",
        "cpu");
  }
}
