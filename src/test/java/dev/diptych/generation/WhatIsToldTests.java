package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.sampling.SamplingParameters;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

/** What is told of a prompt and an answer beside the text, and what it takes. */
@Timeout(60)
class WhatIsToldTests {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();
  private static final String TEXT = "The quick brown fox jumps over the lazy dog";
  private static final Prompt PROMPT = new Prompt.Text(TEXT, true);
  private static final int[] IDS = TOKENIZER.encode(TEXT, true);
  private static final SamplingParameters SHAPED =
      new SamplingParameters(
          true, 2f, 5, 0.9f, null, null, 1.2f, null, 0.5f, 0.5f, Map.of(40, 3f), 7L);

  private final FakeDecoder decoder = new FakeDecoder(400);
  private final TextGenerator generator = generator(DataSize.ofMegabytes(1));

  @AfterEach
  void close() {
    decoder.release();
    generator.close();
  }

  @Test
  void aTextIsScoredWithoutAnAnswer() throws Exception {
    GenerationRequest request =
        GenerationRequest.of(PROMPT, 0, SamplingParameters.GREEDY).with(new Report(3, true, true));

    Completion completion = result(request).completion();

    assertThat(completion.tokens()).isEmpty();
    assertThat(completion.text()).isEmpty();
    assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(completion.prompt()).hasSize(IDS.length);
    assertThat(completion.promptTop()).hasSize(IDS.length);
    assertThat(completion.promptTop().getFirst()).isEmpty();
    for (int i = 1; i < IDS.length; i++) {
      double[] plain = logSoftmax(FakeDecoder.logits(IDS, i));
      int[] best =
          IntStream.range(0, plain.length)
              .boxed()
              .sorted((a, b) -> Double.compare(plain[b], plain[a]))
              .limit(3)
              .mapToInt(id -> id)
              .toArray();
      assertClose(completion.prompt().get(i), IDS[i], plain);
      List<GeneratedToken> top = completion.promptTop().get(i);
      assertThat(top.stream().mapToInt(GeneratedToken::id).toArray()).isEqualTo(best);
      top.forEach(token -> assertClose(token, token.id(), plain));
    }
  }

  @Test
  void aScoredTextIsToldBeforeTheFirstTokenOfAStream() throws Exception {
    GenerationRequest request =
        GenerationRequest.of(PROMPT, 3, SamplingParameters.GREEDY).with(new Report(2, true, false));
    try (Generation generation = generator.start(request)) {
      assertThat(generation.next(LONG))
          .isInstanceOfSatisfying(
              GenerationEvent.Scored.class,
              scored -> {
                assertThat(scored.prompt()).hasSize(IDS.length);
                assertThat(scored.top()).hasSize(IDS.length);
              });
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Token.class);
    }
  }

  @Test
  void aTextThatIsOnlyScoredIsToldOnce() throws Exception {
    GenerationRequest request =
        GenerationRequest.of(PROMPT, 0, SamplingParameters.GREEDY).with(new Report(0, true, false));
    try (Generation generation = generator.start(request)) {
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Scored.class);
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Answered.class);
      assertThat(generation.next(LONG)).isInstanceOf(GenerationEvent.Finished.class);
    }
  }

  @Test
  void tokensAreWeighedBehindThePromptWithoutAnAnswer() throws Exception {
    List<Integer> tokens = List.of(3, 40, 7);
    GenerationRequest request =
        GenerationRequest.of(PROMPT, 0, SamplingParameters.GREEDY).with(Report.ofNext(tokens));

    Completion completion = result(request).completion();

    assertThat(completion.tokens()).isEmpty();
    assertThat(completion.prompt()).isEmpty();
    double[] plain = logSoftmax(FakeDecoder.logits(IDS, IDS.length));
    assertThat(completion.next()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(completion.next().get(i)).isCloseTo(plain[tokens.get(i)], within(1e-6));
    }
  }

  @Test
  void tokensAreWeighedAgainBehindAPromptThatIsCachedAsAWhole() throws Exception {
    GenerationRequest request =
        GenerationRequest.of(PROMPT, 0, SamplingParameters.GREEDY)
            .with(Report.ofNext(List.of(3, 40, 7)));
    GenerationEvent.Finished first = result(request);

    GenerationEvent.Finished second = result(request);

    assertThat(first.cachedPromptTokens()).isZero();
    assertThat(second.cachedPromptTokens()).isEqualTo(IDS.length);
    assertThat(second.completion().next()).isEqualTo(first.completion().next());
    assertThat(second.completion().tokens()).isEmpty();
  }

  @Test
  void whatIsWeighedDoesNotDependOnHowTokensAreDrawn() throws Exception {
    Report report = new Report(0, false, false, List.of(40));
    double[] plain = logSoftmax(FakeDecoder.logits(IDS, IDS.length));

    Completion drawn = result(GenerationRequest.of(PROMPT, 3, SHAPED).with(report)).completion();

    assertThat(drawn.tokens()).hasSize(3);
    assertThat(drawn.next().getFirst()).isCloseTo(plain[40], within(1e-6));
  }

  @Test
  void aTokenThatTheModelDoesNotKnowIsNotWeighed() {
    assertThatThrownBy(
            () ->
                generator.start(
                    GenerationRequest.of(PROMPT, 0, SamplingParameters.GREEDY)
                        .with(Report.ofNext(List.of(3, FakeDecoder.VOCABULARY)))))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`next` contains the token 96, the model knows 0 to 95");
  }

  @Test
  void anEmptyAnswerMustTellOfThePrompt() {
    assertThatThrownBy(
            () -> generator.start(GenerationRequest.of(PROMPT, 0, SamplingParameters.GREEDY)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("`max_new_tokens` must be strictly positive. Given: 0");
  }

  @Test
  void plainProbabilitiesAreThoseOfTheUntouchedLogits() throws Exception {
    Completion shaped = result(GenerationRequest.of(PROMPT, 20, SHAPED)).completion();
    Completion plain =
        result(GenerationRequest.of(PROMPT, 20, SHAPED).with(new Report(4, false, true)))
            .completion();

    assertThat(plain.text()).isEqualTo(shaped.text());
    int[] all = Arrays.copyOf(IDS, IDS.length + 20);
    for (int i = 0; i < 20; i++) {
      all[IDS.length + i] = plain.tokens().get(i).id();
      double[] expected = logSoftmax(FakeDecoder.logits(all, IDS.length + i));
      assertClose(plain.tokens().get(i), all[IDS.length + i], expected);
      plain.topTokens().get(i).forEach(token -> assertClose(token, token.id(), expected));
    }
    assertThat(plain.tokens()).isNotEqualTo(shaped.tokens());
  }

  @Test
  void tokensOfAPromptAreTakenAsTheyAre() throws Exception {
    GenerationRequest asText = GenerationRequest.greedy(TEXT, 10);
    GenerationRequest asTokens =
        GenerationRequest.of(new Prompt.Tokens(IDS), 10, SamplingParameters.GREEDY);

    assertThat(result(asTokens).completion()).isEqualTo(result(asText).completion());
    assertThat(result(asTokens.truncatedTo(5)).completion())
        .isEqualTo(result(asText.truncatedTo(5)).completion());
    assertRefused(new Prompt.Tokens(new int[0]), "`inputs` cannot be empty");
    assertRefused(
        new Prompt.Tokens(new int[] {3, -1}),
        "`inputs` contains the token -1, the model knows 0 to 95");
    assertRefused(
        new Prompt.Tokens(new int[] {3, 96}),
        "`inputs` contains the token 96, the model knows 0 to 95");
    assertRefused(
        new Prompt.Tokens(new int[400]), "`inputs` must have less than 399 tokens. Given: 400");
  }

  private void assertRefused(Prompt prompt, String message) {
    assertThatThrownBy(
            () -> generator.start(GenerationRequest.of(prompt, 1, SamplingParameters.GREEDY)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  @Test
  void biasesOfUnknownTokensAreRefused() {
    for (int id : new int[] {-1, 96}) {
      SamplingParameters biased =
          new SamplingParameters(
              false, null, null, null, null, null, null, null, null, null, Map.of(id, 1f), null);
      assertThatThrownBy(() -> generator.start(GenerationRequest.of(PROMPT, 1, biased)))
          .isInstanceOf(InvalidInput.class)
          .hasMessage("`logit_bias` contains the token %d, the model knows 0 to 95".formatted(id));
    }
  }

  @Test
  void anAnswerGoesOnBehindTheEndOfTextIfThatIsIgnored() throws Exception {
    Completion free = result(GenerationRequest.greedy(TEXT, 20)).completion();
    int end = free.tokens().get(5).id();
    try (TextGenerator ending =
        new TextGenerator(
            new FakeDecoder(400),
            TOKENIZER,
            GenerationDefaults.endingWith(Set.of(end)),
            SeveralAnswersTests.settings(DataSize.ofMegabytes(1)),
            "fake",
            "float32",
            "cpu")) {
      GenerationRequest request = GenerationRequest.greedy(TEXT, 20);

      Completion ended = ending.start(request).result().completion();
      Completion ignoring =
          ending.start(request.with(new Ending(List.of(), true, true))).result().completion();

      assertThat(ended.tokens()).hasSizeLessThan(20);
      assertThat(ignoring.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(ids(ignoring)).isEqualTo(ids(free));
    }
  }

  @Test
  void tellsHowMuchOfAPromptWasCached() throws Exception {
    GenerationRequest request = GenerationRequest.greedy(TEXT, 10);
    GenerationRequest longer = GenerationRequest.greedy(TEXT + "!", 10);

    assertThat(result(request).cachedPromptTokens()).isZero();
    assertThat(result(request).cachedPromptTokens()).isEqualTo(IDS.length);
    assertThat(result(longer).cachedPromptTokens()).isEqualTo(IDS.length);
    assertThat(result(longer.with(new Choices(2, 2))).cachedPromptTokens())
        .isEqualTo(IDS.length + 1);
  }

  @Test
  void whatIsToldMayNotTakeMoreMemoryThanThereIs() throws Exception {
    try (TextGenerator small = generator(DataSize.ofKilobytes(128))) {
      GenerationRequest plain = GenerationRequest.greedy(TEXT, 100);
      assertThat(small.start(plain).result().completion().tokens()).hasSize(100);

      assertThatThrownBy(() -> small.start(plain.with(new Report(20, false, true))))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("diptych.generation.answer-memory");
      assertThatThrownBy(
              () -> small.start(plain.with(new Choices(8, 8)).with(new Report(1, false, true))))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("diptych.generation.answer-memory");
    }
  }

  @Test
  void memoryForWhatIsToldIsFreeAgainWhenTheGenerationIsClosed() throws Exception {
    try (TextGenerator small = generator(DataSize.ofKilobytes(128))) {
      GenerationRequest request =
          GenerationRequest.greedy(TEXT, 20).with(new Report(20, false, true));
      for (int i = 0; i < 10; i++) {
        try (Generation held = small.start(request)) {
          held.result();
          assertThatThrownBy(() -> small.start(request))
              .isInstanceOf(Overloaded.class)
              .hasMessageContaining("diptych.generation.answer-memory");
        }
      }
      assertThat(small.activeGenerations()).isZero();
    }
  }

  private static void assertClose(GeneratedToken token, int id, double[] expected) {
    assertThat(token.id()).isEqualTo(id);
    assertThat(token.logProbability()).isCloseTo((float) expected[id], within(1e-4f));
  }

  private static double[] logSoftmax(float[] row) {
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit);
    }
    double total = Math.log(sum);
    return IntStream.range(0, row.length).mapToDouble(id -> row[id] - total).toArray();
  }

  private static int[] ids(Completion completion) {
    return completion.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  private GenerationEvent.Finished result(GenerationRequest request) throws InterruptedException {
    try (Generation generation = generator.start(request)) {
      return generation.result();
    }
  }

  private TextGenerator generator(DataSize answerMemory) {
    return new TextGenerator(
        decoder,
        TOKENIZER,
        GenerationDefaults.endingWith(Set.of()),
        SeveralAnswersTests.settings(answerMemory),
        "fake",
        "float32",
        "cpu");
  }
}
