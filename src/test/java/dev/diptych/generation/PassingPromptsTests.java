package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InferenceFailed;
import dev.diptych.model.GenerationDefaults;
import java.io.Closeable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short prompts that the engine answers while a step with a part of a long one stands still. */
@Timeout(30)
class PassingPromptsTests {

  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();

  private final FakeDecoder decoder = new FakeDecoder(400);

  @Test
  void aShortPromptIsAnsweredInTheMiddleOfAStepOfALongOne() throws Exception {
    String document = "x".repeat(390);
    try (TextGenerator generator = generator();
        Closeable _ = decoder::release) {
      decoder.byHand();
      Generation lengthy = generator.start(GenerationRequest.greedy(document, 5));
      generator.start(GenerationRequest.greedy("left again", 5)).close();
      Generation quick = generator.start(GenerationRequest.greedy("Hello", 1));
      decoder.step(2);

      assertAnswers(quick, "Hello", 1);
      assertThat(lengthy.next(Duration.ZERO)).isNull();
      decoder.release();
      assertAnswers(lengthy, document, 5);
      assertThat(decoder.computedMeanwhile).hasValue(1);
    }
  }

  @Test
  void aShortPromptThatFailsInTheMiddleOfAStepFailsAlone() throws Exception {
    decoder.failOn(token -> token == TOKENIZER.encode("~", true)[0]);
    String document = "x".repeat(390);
    try (TextGenerator generator = generator();
        Closeable _ = decoder::release) {
      decoder.byHand();
      Generation lengthy = generator.start(GenerationRequest.greedy(document, 5));
      Generation doomed = generator.start(GenerationRequest.greedy("abc~", 5));
      decoder.step(2);

      assertThatThrownBy(doomed::result).isInstanceOf(InferenceFailed.class);
      decoder.release();
      assertAnswers(lengthy, document, 5);
    }
  }

  @Test
  void whatWasAnsweredInTheMiddleOfAStepStaysWhenTheStepFails() throws Exception {
    decoder.failOn(token -> token == TOKENIZER.encode("~", true)[0]);
    String document = "x".repeat(120) + "~" + "x".repeat(200);
    try (TextGenerator generator = generator();
        Closeable _ = decoder::release) {
      decoder.byHand();
      Generation doomed = generator.start(GenerationRequest.greedy(document, 5));
      Generation quick = generator.start(GenerationRequest.greedy("Hello", 4));
      decoder.release();

      assertThatThrownBy(doomed::result).isInstanceOf(InferenceFailed.class);
      assertAnswers(quick, "Hello", 4);
    }
  }

  private TextGenerator generator() {
    return new TextGenerator(
        decoder.withAllSlots(),
        TOKENIZER,
        GenerationDefaults.endingWith(Set.of()),
        TextGeneratorTests.settings(8, 4, 4_000),
        "fake",
        "float32",
        "cpu");
  }

  private static void assertAnswers(Generation generation, String prompt, int tokens)
      throws Exception {
    int[] expected = FakeDecoder.greedyAnswer(TOKENIZER.encode(prompt, true), tokens);
    assertThat(generation.result().completion().tokens())
        .extracting(GeneratedToken::id)
        .containsExactly(Arrays.stream(expected).boxed().toArray(Integer[]::new));
  }
}
