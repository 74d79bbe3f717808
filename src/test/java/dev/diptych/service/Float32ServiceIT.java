package dev.diptych.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The default models in float32, where answers do not depend on what else is being answered. */
class Float32ServiceIT {

  private static final double ROUNDING = 1e-3;
  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          "Once upon a time, there was a little",
          "def fibonacci(n):\n",
          "In 1969, Apollo 11 landed on the",
          "El café está",
          "My favourite food is",
          "A short poem about rain:",
          "Dear Sir or Madam,");

  private static RunningDiptych running;
  private static Conversation service;

  @BeforeAll
  static void start() throws Exception {
    running = RunningDiptych.start("float32", "diptych.models.precision=float32").awaitReady();
    service = new Conversation(running);
  }

  @AfterAll
  static void end() {
    running.close();
  }

  @Test
  void sixteenTextsTogetherAreWhatEachIsAlone() throws Exception {
    List<Conversation.Request<JsonNode>> requests =
        IntStream.range(0, 16)
            .<Conversation.Request<JsonNode>>mapToObj(
                i -> () -> greedy(PROMPTS.get(i % PROMPTS.size()), 8 + i))
            .toList();
    List<JsonNode> alone = new ArrayList<>();
    for (Conversation.Request<JsonNode> request : requests) {
      alone.add(request.answer());
    }

    List<JsonNode> together = Conversation.together(requests);

    assertThat(together).isEqualTo(alone);
  }

  private static JsonNode greedy(String prompt, int maxNewTokens) throws Exception {
    return service.generate(prompt, maxNewTokens, Map.of()).get("generated_text");
  }

  @Test
  void theSameSeedGivesTheSameTextAloneAndAmongOthers() throws Exception {
    for (int seed : new int[] {7, 42, 1234}) {
      JsonNode alone = sampled("The weather today is", seed);
      List<Conversation.Request<JsonNode>> requests = new ArrayList<>();
      requests.add(() -> sampled("The weather today is", seed));
      PROMPTS.forEach(prompt -> requests.add(() -> sampled(prompt, 99)));

      assertThat(Conversation.together(requests).getFirst()).isEqualTo(alone);
    }
  }

  private static JsonNode sampled(String prompt, int seed) throws Exception {
    return service
        .generate(prompt, 25, Map.of("seed", seed, "temperature", 0.9))
        .get("generated_text");
  }

  @Test
  void aSuffixNeverChangesTheDecodersViewOfAPrefix() throws Exception {
    JsonNode prefix = prefill("The old man sat by the");
    JsonNode whole = prefill("The old man sat by the river and watched the boats go by.");

    assertThat(whole.size()).isGreaterThan(prefix.size());
    for (int i = 0; i < prefix.size(); i++) {
      assertThat(whole.get(i).get("id")).isEqualTo(prefix.get(i).get("id"));
      if (i > 0) {
        assertThat(whole.get(i).get("logprob").asDouble())
            .isCloseTo(prefix.get(i).get("logprob").asDouble(), within(ROUNDING));
      }
    }
  }

  private static JsonNode prefill(String text) throws Exception {
    return service
        .generate(text, 1, Map.of("decoder_input_details", true))
        .get("details")
        .get("prefill");
  }

  @Test
  void aSuffixChangesTheEncodersViewOfAPrefix() throws Exception {
    JsonNode money = service.ask("/embed_all", Map.of("inputs", "the bank of England")).get(0);
    JsonNode river = service.ask("/embed_all", Map.of("inputs", "the bank of the river")).get(0);
    JsonNode again = service.ask("/embed_all", Map.of("inputs", "the bank of England")).get(0);

    for (int i = 0; i < 4; i++) { // [CLS] the bank of
      double[] state = Conversation.numbers(money.get(i));
      assertThat(Conversation.cosine(state, Conversation.numbers(river.get(i)))).isLessThan(0.95);
      assertThat(Conversation.cosine(state, Conversation.numbers(again.get(i))))
          .isCloseTo(1, within(1e-6));
    }
  }
}
