package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.sampling.SamplingParameters;
import dev.diptych.sampling.constraint.Constraint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Answers that have to hold a shape, whatever the model would say. */
@Timeout(60)
class ConstrainedAnswersTests {

  private static final int CONTEXT = 400;
  private static final int PERIOD = 7;
  private static final String PROMPT = "{\"name\":\"abc\"},".repeat(6);
  private static final Constraint NUMBER = new Constraint.Regex("[0-9]{3}(-[0-9]{2})?");
  private static final Constraint ROWS =
      new Constraint.JsonSchema(
          new JsonMapper()
              .readTree(
                  """
                  {"type": "array", "minItems": 2, "maxItems": 9, "items":
                    {"properties": {"name": {"enum": ["abc", "abd"]}}, "required": ["name"]}}
                  """));

  private final TextGenerator generator = generator(8);
  private final TextGenerator withoutLookup = generator(0);

  @AfterEach
  void close() {
    generator.close();
    withoutLookup.close();
  }

  @Test
  void anAnswerEndsWhereNothingCanFollow() throws Exception {
    Completion completion = greedy(new Constraint.Choice(List.of("yes", "no")), 50);

    assertThat(completion.text()).isIn("yes", "no");
    assertThat(completion.finishReason()).isEqualTo(FinishReason.END_OF_TEXT);
    assertThat(completion.tokens()).noneMatch(token -> token.id() == LetterTokenizer.END);
  }

  @Test
  void anAnswerThatIsCutIsABeginning() throws Exception {
    Completion completion = greedy(ROWS, 12);

    assertThat(completion.text()).startsWith("[").hasSize(12);
    assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void drawnAnswersHoldTheShapeToo() throws Exception {
    for (long seed = 0; seed < 40; seed++) {
      Completion completion = completion(generator, drawn(NUMBER, seed, 50));

      assertThat(completion.text()).matches("[0-9]{3}(-[0-9]{2})?");
      assertThat(completion.finishReason()).isEqualTo(FinishReason.END_OF_TEXT);
    }
  }

  @Test
  void promptLookupChangesNoAnswer() throws Exception {
    for (GenerationRequest request :
        List.of(greedyRequest(ROWS, 200), drawn(ROWS, 3, 200), drawn(NUMBER, 4, 200))) {
      assertThat(completion(generator, request)).isEqualTo(completion(withoutLookup, request));
    }
  }

  @Test
  void alternativesAreTokensThatCouldHaveBeen() throws Exception {
    for (boolean plain : List.of(false, true)) {
      Completion completion =
          completion(generator, greedyRequest(NUMBER, 50).with(new Report(5, false, plain)));

      for (int i = 0; i < 3; i++) {
        List<GeneratedToken> top = completion.topTokens().get(i);
        assertThat(top).hasSize(5);
        if (!plain) {
          assertThat(top).allMatch(token -> token.text().matches("[0-9]"));
          assertThat(top.getFirst()).isEqualTo(completion.tokens().get(i));
        }
      }
    }
  }

  @Test
  void severalAnswersHoldItEachByItself() throws Exception {
    try (Generation generation = generator.start(drawn(NUMBER, 5, 50).with(new Choices(2, 2)))) {
      List<Completion> completions = generation.result().completions();

      assertThat(completions).hasSize(2);
      assertThat(completions)
          .allMatch(completion -> completion.text().matches("[0-9]{3}(-[0-9]{2})?"));
    }
  }

  @Test
  void anEndThatIsNotWantedIsPassedOver() throws Exception {
    Constraint open = new Constraint.Regex("[a-c]+");
    GenerationRequest request = greedyRequest(open, 40).with(new Ending(List.of(), true, true));

    Completion completion = completion(generator, request);

    assertThat(completion.text()).matches("[a-c]+");
    assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void whatCannotBeHeldIsRefused() {
    assertThatThrownBy(() -> greedy(new Constraint.Regex("(a)\\1"), 10))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("backreference");
    assertThatThrownBy(() -> greedy(new Constraint.Regex("é"), 10))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("no text of this model's tokens fits it");
    assertThat(generator.activeGenerations()).isZero();
  }

  private Completion greedy(Constraint constraint, int tokens) throws InterruptedException {
    return completion(generator, greedyRequest(constraint, tokens));
  }

  private static GenerationRequest greedyRequest(Constraint constraint, int tokens) {
    return GenerationRequest.greedy(PROMPT, tokens).with(constraint);
  }

  private static GenerationRequest drawn(Constraint constraint, long seed, int tokens) {
    SamplingParameters sampling =
        new SamplingParameters(
            true, 1.5f, null, 0.9f, null, null, 1.1f, null, null, null, Map.of(), seed);
    return GenerationRequest.of(new Prompt.Text(PROMPT, true), tokens, sampling).with(constraint);
  }

  private static Completion completion(TextGenerator generator, GenerationRequest request)
      throws InterruptedException {
    try (Generation generation = generator.start(request)) {
      return generation.result().completion();
    }
  }

  private static TextGenerator generator(int lookup) {
    return new TextGenerator(
        new FakeDecoder(CONTEXT, PERIOD),
        new LetterTokenizer(),
        GenerationDefaults.endingWith(Set.of(LetterTokenizer.END)),
        TextGeneratorTests.settings(8, 4, 4_000, lookup),
        "fake",
        "float32",
        "cpu");
  }
}
