package dev.diptych.model.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Frequencies against those that the formulas of transformers give in NumPy's float32. */
class RotaryEmbeddingTests {

  private static void assertFrequencies(
      int width, double theta, RotaryEmbedding.@Nullable Scaling scaling, double... expected) {
    float[] frequencies = new RotaryEmbedding(width, theta, scaling).frequencies();
    assertThat(frequencies).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) frequencies[i]).isEqualTo(expected[i], Offset.offset(3e-7 * expected[i]));
    }
  }

  @Test
  void channelsTurnMoreSlowlyOneAfterAnother() {
    assertFrequencies(8, 1e4, null, 1, 0.1, 0.01, 0.001);
    assertFrequencies(8, 1e4, new RotaryEmbedding.Linear(4), 0.25, 0.025, 0.0025, 0.00025);
  }

  @Test
  void yarnKeepsFastChannelsAndSlowsDownSlowOnes() {
    assertFrequencies(
        16,
        1e4,
        new RotaryEmbedding.Yarn(4, 1, 32, 1, 128, true),
        1.0000000e+00,
        2.3717082e-01,
        4.9999997e-02,
        7.9056947e-03,
        2.4999999e-03,
        7.9056947e-04,
        2.5000001e-04,
        7.9056947e-05);
    assertFrequencies(
        16,
        5e5,
        new RotaryEmbedding.Yarn(8, 1, 32, 1, 8192, true),
        1.0000000e+00,
        1.9392276e-01,
        3.7606031e-02,
        5.1656375e-03,
        5.8925559e-04,
        3.4281024e-05,
        6.6478697e-06,
        1.2891732e-06);
  }

  @Test
  void yarnsBoundsNeedNotBeWholePairs() {
    assertFrequencies(
        16,
        5e5,
        new RotaryEmbedding.Yarn(8, 1, 32, 1, 8192, false),
        1.0000000e+00,
        1.9392276e-01,
        3.7606031e-02,
        5.0582215e-03,
        3.9523863e-04,
        3.4281024e-05,
        6.6478697e-06,
        1.2891732e-06);
  }

  @Test
  void yarnsBoundsMayFallTogether() {
    assertFrequencies(
        8, 1e4, new RotaryEmbedding.Yarn(2, 1, 1, 1, 16, true), 1, 0.05, 0.005, 0.0005);
  }

  @Test
  void longRopeHasAFactorForEachPair() {
    var scaling = new RotaryEmbedding.LongRope(List.of(1.0, 1.5, 2.0, 4.0), 1.19, 4096);
    assertFrequencies(8, 1e4, scaling, 1, 6.6666667e-2, 5e-3, 2.5e-4);
    RotaryEmbedding rotary = new RotaryEmbedding(8, 1e4, scaling);
    assertThat(rotary.magnitude()).isEqualTo(1.19);
    assertThat(rotary.context()).isEqualTo(4096);
    assertThat(new RotaryEmbedding(8, 1e4, null).context()).isEqualTo(Integer.MAX_VALUE);
  }
}
