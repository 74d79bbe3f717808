package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.InferenceFailed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rows long enough that only some of their tokens are looked at. */
class LargeVocabularyTests {

  private static final int[] NO_TOKENS = {};
  private static final long SEED = 11;
  private static final int[] VOCABULARIES = {
    1, 15, 16, 17, 33, 511, 513, 2048, 2049, 4100, 8192, 12_289, 20_001
  };

  private final Random random = new Random(5);

  @Test
  void agreesWithThePlainImplementation() {
    for (int round = 0; round < 208; round++) {
      float[] row = row(round / VOCABULARIES.length % 5, VOCABULARIES[round % VOCABULARIES.length]);
      SamplingParameters parameters = anyParameters(row.length);
      String context = "round %d, %d tokens, %s".formatted(round, row.length, parameters);
      Map<Integer, Double> expected = NaiveSampling.distribution(row, parameters, NO_TOKENS, 0);
      List<Integer> best = NaiveSampling.ordered(expected);
      int count = random.nextInt(4) * 100;

      SampledToken sampled = sampler(parameters, row.length).sample(row, 0, NO_TOKENS, 0, count);

      assertThat(expected).as(context).containsKey(sampled.token().id());
      assertThat(sampled.top())
          .as(context)
          .extracting(TokenProbability::id)
          .containsExactlyElementsOf(best.subList(0, Math.min(count, best.size())));
      assertCloseTo(expected, sampled.token(), context);
      sampled.top().forEach(token -> assertCloseTo(expected, token, context));
      if (!parameters.isSampled()) {
        assertThat(sampled.token().id()).as(context).isEqualTo(best.getFirst());
      }
    }
  }

  @Test
  void aRandomNumberChoosesAlongTheOrderOfTheLastFilter() {
    for (int round = 0; round < 208; round++) {
      float[] row = row(round / VOCABULARIES.length % 5, VOCABULARIES[round % VOCABULARIES.length]);
      SamplingParameters parameters = anyParameters(row.length);
      if (!parameters.isSampled()) {
        continue;
      }
      Map<Integer, Double> expected = NaiveSampling.distribution(row, parameters, NO_TOKENS, 0);
      double number = new SplittableRandom(SEED).nextDouble();

      int token = sampler(parameters, row.length).sample(row, 0, NO_TOKENS, 0, 0).token().id();

      double before = 0;
      for (Map.Entry<Integer, Double> entry : expected.entrySet()) {
        if (entry.getKey() == token) {
          break;
        }
        before += Math.exp(entry.getValue());
      }
      double after = before + Math.exp(expected.getOrDefault(token, Double.NaN));
      assertThat(number)
          .as("round %d, %d tokens, %s", round, row.length, parameters)
          .isBetween(before - 1e-6, after + 1e-6);
    }
  }

  @Test
  void drawsFromEveryPartOfTheRow() {
    float[] row = new float[10_000];
    Arrays.fill(row, -20);
    for (int i = 0; i < 10; i++) {
      row[i * 1111] = 1;
    }
    int[] drawn = new int[10];
    SamplingParameters plain =
        new SamplingParameters(
            true, null, null, null, null, null, null, null, null, null, Map.of(), 1L);
    TokenSampler sampler = sampler(plain, row.length);

    for (int i = 0; i < 5000; i++) {
      int token = sampler.sample(row, 0, NO_TOKENS, 0, 0).token().id();
      assertThat(token % 1111).isZero();
      drawn[token / 1111]++;
    }

    for (int count : drawn) {
      assertThat(count / 5000.0).isCloseTo(0.1, within(0.02));
    }
  }

  @Test
  void aTemperatureNearZeroLeavesTheLargestLogit() {
    float[] row = row(0, 20_000);
    row[12_345] = 100;
    for (Float topP : new Float[] {null, 0.9f}) {
      SamplingParameters parameters =
          new SamplingParameters(
              true, Float.MIN_VALUE, 50, topP, null, null, null, null, null, null, Map.of(), 1L);

      SampledToken sampled = sampler(parameters, row.length).sample(row, 0, NO_TOKENS, 0, 3);

      assertThat(sampled.token()).isEqualTo(new TokenProbability(12_345, 0));
      assertThat(sampled.top()).containsExactly(new TokenProbability(12_345, 0));
    }
  }

  @Test
  void aNaNAnywhereIsReported() {
    for (int place : new int[] {0, 4097, 9999}) {
      float[] row = row(0, 10_000);
      row[place] = Float.NaN;
      for (boolean sampled : new boolean[] {false, true}) {
        SamplingParameters parameters =
            new SamplingParameters(
                sampled, null, null, null, null, null, null, null, null, null, Map.of(), null);
        assertThatThrownBy(() -> sampler(parameters, row.length).sample(row, 0, NO_TOKENS, 0, 0))
            .isInstanceOf(InferenceFailed.class);
      }
    }
  }

  private static void assertCloseTo(
      Map<Integer, Double> expected, TokenProbability token, String context) {
    double exact = expected.getOrDefault(token.id(), Double.NaN);
    if (Double.isInfinite(exact)) {
      assertThat((double) token.logProbability()).as(context).isEqualTo(exact);
    } else {
      assertThat((double) token.logProbability())
          .as(context)
          .isCloseTo(exact, within(1e-6 * Math.max(1, Math.abs(exact))));
    }
  }

  /* Even, with many ties, with many forbidden tokens, with a few likely tokens, all the same. */
  private float[] row(int kind, int vocabulary) {
    float[] row = new float[vocabulary];
    for (int id = 0; id < vocabulary; id++) {
      double logit = random.nextGaussian() * 3;
      row[id] =
          switch (kind) {
            case 1 -> Math.round(logit);
            case 2 -> random.nextBoolean() ? (float) logit : Float.NEGATIVE_INFINITY;
            case 3 -> (float) logit + (random.nextInt(vocabulary) < 20 ? 12 : 0);
            case 4 -> 2;
            default -> (float) logit;
          };
    }
    row[random.nextInt(vocabulary)] = 5;
    return row;
  }

  private SamplingParameters anyParameters(int vocabulary) {
    return new SamplingParameters(
        random.nextInt(4) > 0,
        random.nextInt(3) == 0 ? 0.1f + random.nextFloat() * 2 : null,
        random.nextInt(3) == 0
            ? 1 + random.nextInt(random.nextBoolean() ? 60 : 2 * vocabulary)
            : null,
        random.nextInt(3) == 0 ? 0.01f + 0.98f * random.nextFloat() : null,
        random.nextInt(3) == 0 ? 0.3f * random.nextFloat() : null,
        random.nextInt(3) == 0 ? 0.01f + 0.98f * random.nextFloat() : null,
        null,
        null,
        null,
        null,
        Map.of(),
        null);
  }

  private static TokenSampler sampler(SamplingParameters parameters, int vocabulary) {
    return new TokenSampler(parameters, false, SEED, 0, new Candidates(vocabulary));
  }
}
