package dev.diptych.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The default models in the precision that is served, against their reference outputs. */
class DefaultModelsIT {

  private static final double SCORE_TOLERANCE = 0.01;

  /* Of 426 tokens of short texts int8 was off by 0.3 in the root mean square and by 1.2 at most. */
  private static final double LOG_PROBABILITY_TOLERANCE = 1.5;

  private static final double CLEAR_MARGIN = 0.8;
  private static final int CONCURRENT = 16;

  private static Conversation service;

  @BeforeAll
  static void start() {
    service = new Conversation(RunningDiptych.withDefaults());
  }

  @TestFactory
  Stream<DynamicTest> fillsMasksAsTheReferenceDoes() throws Exception {
    return Conversation.golden("bert-base-uncased")
        .get("cases")
        .valueStream()
        .map(
            reference ->
                DynamicTest.dynamicTest(
                    reference.get("text").stringValue(), () -> checkMasks(reference)));
  }

  private static void checkMasks(JsonNode reference) throws Exception {
    String text = reference.get("text").stringValue();
    JsonNode answer =
        service.ask("/fill-mask", Map.of("inputs", text, "parameters", Map.of("top_k", 20)));
    JsonNode masks = reference.get("masks");
    for (int i = 0; i < masks.size(); i++) {
      JsonNode candidates = masks.size() == 1 ? answer : answer.get(i);
      JsonNode best = masks.get(i).get("top5");
      assertThat(asGoodAsTheBest(best)).contains(candidates.get(0).get("token").asInt());
      for (JsonNode expected : best) {
        JsonNode same =
            candidates
                .valueStream()
                .filter(candidate -> candidate.get("token").equals(expected.get("token")))
                .findFirst()
                .orElseThrow();
        assertThat(same.get("token_str")).isEqualTo(expected.get("token_str"));
        assertThat(same.get("score").asDouble())
            .isCloseTo(expected.get("score").asDouble(), within(SCORE_TOLERANCE));
      }
    }
  }

  /* Two words may change places when their scores are nearer than the precision tells them apart. */
  private static List<Integer> asGoodAsTheBest(JsonNode best) {
    double least = best.get(0).get("score").asDouble() - SCORE_TOLERANCE;
    return best.valueStream()
        .filter(candidate -> candidate.get("score").asDouble() >= least)
        .map(candidate -> candidate.get("token").asInt())
        .toList();
  }

  @Test
  void prefersACatToDemocracyOnTheMat() throws Exception {
    JsonNode answer =
        service.ask(
            "/fill-mask",
            Map.of(
                "inputs",
                "The [MASK] sat on the mat.",
                "parameters",
                Map.of("targets", List.of("cat", "democracy"))));

    assertThat(answer.get(0).get("token_str").stringValue()).isEqualTo("cat");
    assertThat(answer.get(0).get("score").asDouble())
        .isGreaterThan(100 * answer.get(1).get("score").asDouble());
  }

  @TestFactory
  Stream<DynamicTest> continuesGreedilyAsTheReferenceWhereItIsSure() throws Exception {
    JsonNode golden = Conversation.golden("smollm2-135m-instruct");
    return Stream.of("greedy", "chat")
        .flatMap(part -> golden.get(part).valueStream())
        .map(
            reference ->
                DynamicTest.dynamicTest(
                    prompt(reference).replace('\n', ' '), () -> checkGreedy(reference)));
  }

  private static String prompt(JsonNode reference) {
    return reference.has("prompt")
        ? reference.get("prompt").stringValue()
        : reference.get("rendered").stringValue();
  }

  /* Until a token differs both have seen the same text, so the margins hold up to there. */
  private static void checkGreedy(JsonNode reference) throws Exception {
    JsonNode expected = reference.get("token_ids");
    JsonNode details =
        service
            .generate(prompt(reference), expected.size(), Map.of("decoder_input_details", true))
            .get("details");

    assertThat(Conversation.ids(details.get("prefill")))
        .containsExactly(reference.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray());
    int[] ids = Conversation.ids(details.get("tokens"));
    int[] wanted = expected.valueStream().mapToInt(JsonNode::asInt).toArray();
    int departure = Arrays.mismatch(ids, wanted);
    if (departure >= 0) {
      assertThat(reference.get("margins").get(departure).asDouble())
          .as("margin where token %d differs", departure)
          .isLessThan(CLEAR_MARGIN);
    }
  }

  @TestFactory
  Stream<DynamicTest> ranksContinuationsAsTheReferenceDoes() throws Exception {
    return Conversation.golden("smollm2-135m-instruct")
        .get("continuations")
        .valueStream()
        .map(
            reference ->
                DynamicTest.dynamicTest(
                    reference.get("prompt").stringValue(), () -> checkRanking(reference)));
  }

  private static void checkRanking(JsonNode reference) throws Exception {
    double before = 0;
    for (JsonNode score : reference.get("scores")) {
      String text = reference.get("prompt").stringValue() + score.get("continuation").stringValue();
      JsonNode prefill =
          service
              .generate(text, 1, Map.of("decoder_input_details", true))
              .get("details")
              .get("prefill");
      JsonNode last = prefill.get(prefill.size() - 1);
      assertThat(last.get("id")).isEqualTo(score.get("ids").get(0));
      double logProbability = last.get("logprob").asDouble();
      assertThat(logProbability)
          .isCloseTo(score.get("logprobs").get(0).asDouble(), within(LOG_PROBABILITY_TOLERANCE))
          .isLessThan(before);
      before = logProbability;
    }
  }

  @Test
  void theSameSeedGivesTheSameTextAgain() throws Exception {
    Map<String, Object> sampled = Map.of("seed", 7, "temperature", 0.9);

    JsonNode first = service.generate("The weather today is", 30, sampled);
    JsonNode second = service.generate("The weather today is", 30, sampled);

    assertThat(second.get("generated_text")).isEqualTo(first.get("generated_text"));
  }

  @Test
  void embedsTextsAsTheReferenceDoes() throws Exception {
    JsonNode golden = Conversation.golden("all-minilm-l6-v2");
    JsonNode references = golden.get("texts");
    List<Integer> filled =
        IntStream.range(0, references.size())
            .filter(i -> !text(references.get(i)).isEmpty()) // an empty one is refused
            .boxed()
            .toList();
    HttpResponse<String> response =
        service.response(
            "/embed", Map.of("inputs", filled.stream().map(i -> text(references.get(i))).toList()));
    JsonNode vectors = Conversation.JSON.readTree(response.body());

    int tokens = filled.stream().mapToInt(i -> references.get(i).get("tokens").asInt()).sum();
    assertThat(response.headers().firstValue("x-compute-tokens"))
        .as("neither more than 256 tokens of a text nor padding")
        .hasValue(Integer.toString(tokens));
    for (int i = 0; i < filled.size(); i++) {
      JsonNode reference = references.get(filled.get(i));
      double[] vector = Conversation.numbers(vectors.get(i));
      double[] known =
          concatenated(
              Conversation.numbers(reference.get("first")),
              Conversation.numbers(reference.get("last")));
      double[] same =
          concatenated(
              Arrays.copyOf(vector, reference.get("first").size()),
              Arrays.copyOfRange(
                  vector, vector.length - reference.get("last").size(), vector.length));
      assertThat(Conversation.cosine(same, known)).isGreaterThanOrEqualTo(0.997);
      assertThat(same).containsExactly(known, within(0.01));
      for (int j = 0; j < i; j++) {
        assertThat(Conversation.cosine(vector, Conversation.numbers(vectors.get(j))))
            .isCloseTo(
                golden.get("cosine").get(filled.get(i)).get(filled.get(j)).asDouble(),
                within(0.01));
      }
    }
  }

  @Test
  void cutsALongTextAt256Tokens() throws Exception {
    HttpResponse<String> response =
        service.response("/embed", Map.of("inputs", "x ".repeat(600), "truncate", true));

    assertThat(response.headers().firstValue("x-compute-tokens")).hasValue("256");
  }

  private static double[] concatenated(double[] first, double[] last) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(last)).toArray();
  }

  private static String text(JsonNode reference) {
    JsonNode repeat = reference.get("repeat");
    return repeat.isNull()
        ? reference.get("text").stringValue()
        : repeat.get(0).stringValue().repeat(repeat.get(1).asInt());
  }

  @Test
  void answersSixteenTogetherInMuchLessThanSixteenTimesTheTimeOfOne() throws Exception {
    List<Conversation.Request<JsonNode>> requests =
        IntStream.range(0, CONCURRENT)
            .<Conversation.Request<JsonNode>>mapToObj(
                i -> () -> service.generate("The weather of day %d is".formatted(i), 30, Map.of()))
            .toList();
    Conversation.together(requests); // both measurements on warm code
    long start = System.nanoTime();
    requests.getFirst().answer();
    requests.getLast().answer();
    double one = (System.nanoTime() - start) / 2e9;
    start = System.nanoTime();
    Conversation.together(requests);
    double sixteen = (System.nanoTime() - start) / 1e9;

    System.out.printf(
        "1 request takes %.2f s, 16 together %.2f s (%.1f times as long)%n",
        one, sixteen, sixteen / one);
    assertThat(sixteen / one).isLessThan(10);
  }
}
