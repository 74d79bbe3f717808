package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InferenceFailed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenSamplerTests {

  private static final int[] NO_TOKENS = {};
  private static final int PROMPT_TOKENS = 4;

  @Test
  void greedyTakesTheLargestLogitWithItsPlainLogProbability() {
    float[] logits = {1, 3, 2};

    SampledToken sampled = sampler(SamplingParameters.GREEDY, 3).sample(logits, 0, NO_TOKENS, 0, 2);

    double total = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    assertThat(sampled.token().id()).isEqualTo(1);
    assertThat(sampled.token().logProbability()).isCloseTo((float) (3 - total), within(1e-5f));
    assertThat(sampled.top()).extracting(TokenProbability::id).containsExactly(1, 2);
  }

  @Test
  void usesOnlyItsRowOfTheBatch() {
    float[] logits = {9, 9, 9, 0, 5, 1, 9, 9, 9};

    SampledToken sampled = sampler(SamplingParameters.GREEDY, 3).sample(logits, 3, NO_TOKENS, 0, 3);

    assertThat(sampled.token().id()).isEqualTo(1);
    assertThat(sampled.top()).extracting(TokenProbability::id).containsExactly(1, 2, 0);
    assertThat(logits).startsWith(9, 9, 9).endsWith(9, 9, 9);
  }

  @Test
  void agreesWithThePlainImplementation() {
    Random random = new Random(7);
    for (int round = 0; round < 400; round++) {
      int vocabulary = 1 + random.nextInt(round % 10 == 0 ? 3000 : 40);
      float[] logits = logits(random, vocabulary);
      int[] tokens = random.ints(1 + random.nextInt(20), 0, vocabulary).toArray();
      SamplingParameters parameters = anyParameters(random);
      Map<Integer, Double> expected =
          NaiveSampling.distribution(logits, parameters, tokens, PROMPT_TOKENS);

      SampledToken sampled =
          sampler(parameters, vocabulary).sample(logits.clone(), 0, tokens, tokens.length, 5);

      TokenProbability token = sampled.token();
      assertThat(expected).as("%s", parameters).containsKey(token.id());
      assertThat((double) token.logProbability())
          .as("%s", parameters)
          .isCloseTo(expected.getOrDefault(token.id(), Double.NaN), within(2e-4));
      List<Integer> best = NaiveSampling.ordered(expected);
      assertThat(sampled.top())
          .extracting(TokenProbability::id)
          .containsExactlyElementsOf(best.subList(0, Math.min(5, best.size())));
      if (!parameters.isSampled()) {
        assertThat(token.id()).isEqualTo(best.getFirst());
      }
    }
  }

  @Test
  void tellsThePlainProbabilitiesWhateverIsDrawnFrom() {
    Random random = new Random(9);
    for (int round = 0; round < 400; round++) {
      int vocabulary = 1 + random.nextInt(round % 10 == 0 ? 3000 : 40);
      float[] logits = logits(random, vocabulary);
      int[] tokens = random.ints(1 + random.nextInt(20), 0, vocabulary).toArray();
      SamplingParameters parameters = anyParameters(random);
      Candidates candidates = new Candidates(vocabulary);
      Map<Integer, Double> plain =
          NaiveSampling.distribution(logits, SamplingParameters.GREEDY, NO_TOKENS, 0);

      SampledToken sampled =
          new TokenSampler(parameters, true, 11, PROMPT_TOKENS, candidates)
              .sample(logits.clone(), 0, tokens, tokens.length, 5);

      SampledToken other =
          new TokenSampler(parameters, false, 11, PROMPT_TOKENS, candidates)
              .sample(logits.clone(), 0, tokens, tokens.length, 5);
      assertThat(sampled.token().id()).as("%s", parameters).isEqualTo(other.token().id());
      assertThat((double) sampled.token().logProbability())
          .as("%s", parameters)
          .isCloseTo(plain.getOrDefault(sampled.token().id(), Double.NaN), within(2e-4));
      assertThat(sampled.top())
          .extracting(TokenProbability::id)
          .containsExactlyElementsOf(
              NaiveSampling.ordered(plain).subList(0, Math.min(5, vocabulary)));
    }
  }

  @Test
  void drawsInProportionToTheProbabilities() {
    SamplingParameters parameters =
        new SamplingParameters(
            true, 0.7f, null, 0.9f, null, null, null, null, null, null, Map.of(), null);
    float[] logits = {0.3f, 1.2f, -0.5f, 0.9f, -4f};
    TokenSampler sampler = sampler(parameters, 5);
    int[] drawn = new int[5];

    for (int i = 0; i < 40_000; i++) {
      drawn[sampler.sample(logits.clone(), 0, NO_TOKENS, 0, 0).token().id()]++;
    }

    Map<Integer, Double> expected =
        NaiveSampling.distribution(logits, parameters, new int[] {4, 4, 4}, PROMPT_TOKENS);
    for (int id = 0; id < 5; id++) {
      double probability =
          expected.containsKey(id) ? Math.exp(expected.getOrDefault(id, Double.NaN)) : 0;
      assertThat(drawn[id] / 40_000.0).isCloseTo(probability, within(0.01));
    }
  }

  @Test
  void aSeedGivesTheSameTokensWhateverElseUsesTheBuffers() {
    SamplingParameters parameters =
        new SamplingParameters(
            true, null, 50, 0.95f, null, null, null, null, null, null, Map.of(), null);
    Candidates shared = new Candidates(200);
    TokenSampler alone = new TokenSampler(parameters, false, 42, 0, new Candidates(200));
    TokenSampler among = new TokenSampler(parameters, false, 42, 0, shared);
    TokenSampler neighbour = new TokenSampler(parameters, false, 1, 0, shared);
    Random random = new Random(3);

    for (int step = 0; step < 50; step++) {
      float[] logits = logits(random, 200);
      neighbour.sample(logits(random, 200), 0, NO_TOKENS, 0, 0);
      assertThat(among.sample(logits.clone(), 0, NO_TOKENS, 0, 3))
          .isEqualTo(alone.sample(logits.clone(), 0, NO_TOKENS, 0, 3));
    }
  }

  @Test
  void extremeParametersStayFinite() {
    for (SamplingParameters parameters :
        List.of(
            new SamplingParameters(
                true,
                Float.MIN_VALUE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null),
            new SamplingParameters(
                true,
                Float.MAX_VALUE,
                null,
                0.5f,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null),
            new SamplingParameters(
                true,
                null,
                null,
                null,
                null,
                1e-30f,
                Float.MIN_VALUE,
                2f,
                null,
                null,
                Map.of(),
                null),
            new SamplingParameters(
                true,
                null,
                Integer.MAX_VALUE,
                1e-30f,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null),
            new SamplingParameters(
                false, null, null, null, null, null, 1e38f, -2f, null, null, Map.of(), null))) {
      float[] logits = {-30, 20, 19.5f, -3, 0};

      SampledToken sampled = sampler(parameters, 5).sample(logits, 0, new int[] {1, 2}, 2, 5);

      assertThat(sampled.token().logProbability()).isFinite().isLessThanOrEqualTo(0);
    }
  }

  @Test
  void forbiddenTokensAreNeverDrawn() {
    float[] logits = new float[100];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    logits[77] = -5;

    SamplingParameters plain =
        new SamplingParameters(
            true, null, null, null, null, null, null, null, null, null, Map.of(), 1L);
    SampledToken sampled = sampler(plain, 100).sample(logits, 0, NO_TOKENS, 0, 3);

    assertThat(sampled.token()).isEqualTo(new TokenProbability(77, 0));
    assertThat(sampled.top()).containsExactly(new TokenProbability(77, 0));
  }

  @Test
  void logitsThatAreNoNumbersAreReported() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (boolean sampled : new boolean[] {false, true}) {
        SamplingParameters parameters =
            new SamplingParameters(
                sampled, null, null, null, null, null, null, null, null, null, Map.of(), null);
        assertThatThrownBy(
                () -> sampler(parameters, 3).sample(new float[] {1, bad, 2}, 0, NO_TOKENS, 0, 0))
            .isInstanceOf(InferenceFailed.class)
            .hasMessageContaining("not numbers");
      }
    }
  }

  private static TokenSampler sampler(SamplingParameters parameters, int vocabulary) {
    return new TokenSampler(parameters, false, 11, PROMPT_TOKENS, new Candidates(vocabulary));
  }

  private static float[] logits(Random random, int vocabulary) {
    float[] logits = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      logits[i] = (float) (random.nextGaussian() * 3);
    }
    return logits;
  }

  private static SamplingParameters anyParameters(Random random) {
    return new SamplingParameters(
        random.nextBoolean(),
        random.nextBoolean() ? 0.2f + random.nextFloat() * 2 : null,
        random.nextInt(3) == 0 ? 1 + random.nextInt(60) : null,
        random.nextInt(3) == 0 ? 0.01f + 0.98f * random.nextFloat() : null,
        random.nextInt(3) == 0 ? 0.3f * random.nextFloat() : null,
        random.nextInt(4) == 0 ? 0.01f + 0.98f * random.nextFloat() : null,
        random.nextBoolean() ? 0.5f + random.nextFloat() : null,
        random.nextBoolean() ? random.nextFloat() * 4 - 2 : null,
        random.nextBoolean() ? random.nextFloat() * 4 - 2 : null,
        random.nextBoolean() ? random.nextFloat() * 4 - 2 : null,
        random.nextBoolean() ? Map.of() : Map.of(0, random.nextFloat() * 20 - 10),
        null);
  }
}
