package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PenaltiesTests {

  private static final SamplingParameters PARAMETERS =
      new SamplingParameters(
          false, null, null, null, null, null, 2f, 1f, null, null, Map.of(), null);

  @Test
  void countTheTokensOfEarlierSteps() {
    int vocabulary = 1000;
    int[] tokens = new Random(2).ints(2000, 0, vocabulary).toArray();
    Penalties penalties = new Penalties(PARAMETERS, 0);

    for (int size = 100; size <= tokens.length; size += 100) {
      float[] logits = new float[vocabulary];
      Arrays.fill(logits, size % 200 == 0 ? 4 : -4);
      float[] expected = logits.clone();
      for (int id = 0; id < vocabulary; id++) {
        int token = id;
        long count = Arrays.stream(tokens, 0, size).filter(seen -> seen == token).count();
        if (count > 0) {
          expected[id] = (logits[id] < 0 ? logits[id] * 2 : logits[id] / 2) - 1f * count / size;
        }
      }

      penalties.apply(logits, 0, vocabulary, tokens, size);

      assertThat(logits).isEqualTo(expected);
    }
  }

  @Test
  void countTheTokensOfTheAnswerOnlyAsOpenAiDoes() {
    SamplingParameters parameters =
        new SamplingParameters(
            false, null, null, null, null, null, null, null, 0.5f, 0.25f, Map.of(), null);
    Penalties penalties = new Penalties(parameters, 3);
    int[] tokens = {0, 0, 1, 1, 2, 2, 2};

    float[] first = new float[4];
    penalties.apply(first, 0, 4, tokens, 4);
    float[] later = new float[4];
    penalties.apply(later, 0, 4, tokens, 7);

    assertThat(first).containsExactly(0, -0.75f, 0, 0);
    assertThat(later).containsExactly(0, -0.75f, -1.25f, 0);
  }

  @Test
  void addTheBiasesOfATokenWhetherItOccursOrNot() {
    SamplingParameters parameters =
        new SamplingParameters(
            false,
            null,
            null,
            null,
            null,
            null,
            2f,
            null,
            null,
            null,
            Map.of(1, 3f, 2, -100f),
            null);
    float[] logits = {5, 4, 1, 1};

    new Penalties(parameters, 0).apply(logits, 1, 3, new int[] {1}, 1);

    assertThat(logits).containsExactly(5, 4, 3.5f, -99);
  }

  @Test
  void leaveOtherRowsAndUnknownTokensAlone() {
    float[] logits = {1, 1, 4, 4, 1};

    new Penalties(PARAMETERS, 0).apply(logits, 2, 2, new int[] {1, 7}, 2);

    assertThat(logits).containsExactly(1, 1, 4, 1.5f, 1);
  }
}
