package dev.diptych.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import dev.diptych.chat.Chat;
import dev.diptych.chat.Conversation;
import dev.diptych.chat.Message;
import dev.diptych.model.GenerationDefaults;
import dev.diptych.sampling.SamplingParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RequestLimitsTests {

  private static final LetterTokenizer TOKENIZER = new LetterTokenizer();
  private static final SamplingParameters DRAWN =
      new SamplingParameters(
          true, 1.5f, 30, null, null, null, 1.1f, null, null, null, Map.of(), 77L);

  private final TextGenerator generator =
      new TextGenerator(
          new FakeDecoder(400),
          TOKENIZER,
          GenerationDefaults.endingWith(Set.of()),
          TextGeneratorTests.settings(1, 1, 4_000),
          "fake",
          "float32",
          "cpu");

  @AfterEach
  void close() {
    assertThat(generator.activeGenerations()).isZero();
    generator.close();
  }

  @Test
  void truncateKeepsTheLastTokens() throws Exception {
    GenerationRequest request =
        new GenerationRequest(
            new Prompt.Text("Hello World", true),
            8,
            5,
            SamplingParameters.GREEDY,
            Ending.BY_THE_MODEL,
            Choices.ONE,
            Report.OF_THE_ANSWER);

    assertThat(text(request)).isEqualTo(text(GenerationRequest.greedy("World", 8)));
  }

  @Test
  void anAnswerEndsWhereTheContextEndsUnlessALengthIsAskedFor() throws Exception {
    String prompt = "x".repeat(390);

    assertThat(completion(GenerationRequest.greedy(prompt, null)).tokens()).hasSize(10);
    assertThat(completion(GenerationRequest.greedy("x", null)).tokens()).hasSize(100);
    assertRefused(
        GenerationRequest.greedy(prompt, 11),
        "`inputs` tokens + `max_new_tokens` must be <= 400. Given: 390 `inputs` tokens and 11"
            + " `max_new_tokens`");
    assertRefused(
        GenerationRequest.greedy("x".repeat(400), 1),
        "`inputs` must have less than 399 tokens. Given: 400");
  }

  @Test
  void aConversationHasNoMoreTokensThanAPromptMayHave(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages[0].content }}");
    try (TextGenerator talking =
        new TextGenerator(
            new FakeDecoder(400),
            TOKENIZER,
            Chat.read(folder, TOKENIZER),
            GenerationDefaults.endingWith(Set.of()),
            TextGeneratorTests.settings(1, 1, 4_000),
            "fake",
            "float32",
            "cpu")) {
      Chat chat = talking.chat();

      assertThat(chat.prompt(saying("x".repeat(399))).ids()).hasSize(399);
      assertThatThrownBy(() -> chat.prompt(saying("x".repeat(400))))
          .isInstanceOf(InvalidInput.class)
          .hasMessage("`messages` must have at most 399 tokens. Given: 400");
    }
  }

  private static Conversation saying(String text) {
    return Conversation.of(List.of(Message.of("user", text)));
  }

  @Test
  void aPromptThatIsCertainlyTooLongIsNotTokenized() throws Exception {
    try (TextGenerator wary =
        new TextGenerator(
            new FakeDecoder(400),
            new WaryTokenizer(),
            GenerationDefaults.endingWith(Set.of()),
            TextGeneratorTests.settings(1, 1, 4_000),
            "wary",
            "float32",
            "cpu")) {
      assertThatThrownBy(() -> wary.start(GenerationRequest.greedy("x".repeat(1_600_000), 1)))
          .isInstanceOf(InvalidInput.class)
          .hasMessage("`inputs` must have less than 399 tokens. Given: at least 800000");
      GenerationRequest cut =
          new GenerationRequest(
              new Prompt.Text("x".repeat(1_600_000) + "World", true),
              8,
              5,
              SamplingParameters.GREEDY,
              Ending.BY_THE_MODEL,
              Choices.ONE,
              Report.OF_THE_ANSWER);
      try (Generation generation = wary.start(cut)) {
        assertThat(generation.promptTokens()).isEqualTo(5);
        assertThat(generation.result().completion().text())
            .isEqualTo(text(GenerationRequest.greedy("World", 8)));
      }
      assertThat(wary.activeGenerations()).isZero();
    }
  }

  @Test
  void refusesWhatCannotBeDone() {
    assertRefused(GenerationRequest.greedy("", 1), "`inputs` cannot be empty");
    assertRefused(
        GenerationRequest.greedy("a", 0), "`max_new_tokens` must be strictly positive. Given: 0");
    assertRefused(
        new GenerationRequest(
            new Prompt.Text("a", true),
            1,
            null,
            SamplingParameters.GREEDY,
            new Ending(List.of("1", "2", "3", "4", "5"), true, false),
            Choices.ONE,
            Report.OF_THE_ANSWER),
        "`stop` supports up to 4 stop sequences. Given: 5");
    assertRefused(
        new GenerationRequest(
            new Prompt.Text("a", true),
            1,
            null,
            SamplingParameters.GREEDY,
            new Ending(List.of("a", "b".repeat(31)), true, false),
            Choices.ONE,
            Report.OF_THE_ANSWER),
        "`stop` supports up to 30 characters in each (diptych.generation.max-stop-characters)."
            + " Given: 31, \"bbbbbbbbbbbbbbbbbbbb…\"");
    assertRefused(
        new GenerationRequest(
            new Prompt.Text("a", true),
            1,
            null,
            DRAWN,
            Ending.BY_THE_MODEL,
            new Choices(1, 3),
            Report.OF_THE_ANSWER),
        "`best_of` must be > 0 and <= 2. Given: 3");
    assertRefused(
        new GenerationRequest(
            new Prompt.Text("a", true),
            1,
            0,
            DRAWN,
            Ending.BY_THE_MODEL,
            Choices.ONE,
            Report.OF_THE_ANSWER),
        "`truncate` must be strictly positive and less than 399. Given: 0");
    assertRefused(
        new GenerationRequest(
            new Prompt.Text("a", true),
            1,
            null,
            DRAWN,
            Ending.BY_THE_MODEL,
            Choices.ONE,
            new Report(6, false, false)),
        "`top_n_tokens` must be >= 0 and <= 5. Given: 6");
    assertRefused(
        GenerationRequest.greedy("snow \u2603", 1),
        "`inputs` contains the token 9700, the model knows 0 to 95");
  }

  @Test
  void theCacheMemoryBoundsARequest() {
    try (TextGenerator small =
        new TextGenerator(
            new FakeDecoder(400),
            TOKENIZER,
            GenerationDefaults.endingWith(Set.of()),
            TextGeneratorTests.settings(8, 4, 50),
            "small",
            "float32",
            "cpu")) {
      assertThat(small.facts().maxTotalTokens()).isEqualTo(50);
      assertThatThrownBy(() -> small.start(GenerationRequest.greedy("Hello", 46)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("must be <= 50");
    }
  }

  private void assertRefused(GenerationRequest request, String message) {
    assertThatThrownBy(() -> generator.start(request))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  private Completion completion(GenerationRequest request) throws InterruptedException {
    try (Generation generation = generator.start(request)) {
      return generation.result().completion();
    }
  }

  private String text(GenerationRequest request) throws InterruptedException {
    return completion(request).text();
  }
}
