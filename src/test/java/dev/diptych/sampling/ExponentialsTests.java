package dev.diptych.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExponentialsTests {

  private final Exponentials block = new Exponentials();

  @Test
  void agreesWithTheExactExponential() {
    float[] arguments = new float[Exponentials.BLOCK];
    for (float x = 0; x > -87; x -= arguments.length * 0.0137f) {
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = Math.max(-87, x - i * 0.0137f);
      }

      block.load(arguments, 0, arguments.length);
      block.raise(0);

      for (int i = 0; i < arguments.length; i++) {
        double exact = Math.exp(arguments[i]);
        assertThat(block.values[i] / exact).isCloseTo(1, within(4e-7));
        assertThat(Exponentials.of(arguments[i]) / exact).isCloseTo(1, within(4e-7));
      }
    }
  }

  @Test
  void whatIsFarBelowTheLargestIsZero() {
    block.load(new float[] {5, -100, -1e30f, Float.NEGATIVE_INFINITY}, 0, 4);
    block.raise(5);

    assertThat(block.values).startsWith(1, 0, 0, 0).endsWith(0);
    assertThat(block.sum()).isEqualTo(1);
    assertThat(Exponentials.of(-1000)).isZero();
  }

  @Test
  void sumsTheValuesOfAPartOfABlock() {
    block.load(new float[] {9, 1, 3, 2, 9}, 1, 3);
    block.divide(1, 2);
    block.raise(1);

    double[] exact = {Math.exp(-1), 1, Math.exp(-0.5)};
    assertThat(block.sum()).isCloseTo(exact[0] + exact[1] + exact[2], within(1e-6));
    assertThat(block.weightedSum()).isCloseTo(-exact[0] - 0.5 * exact[2], within(1e-6));
  }

  @Test
  void theSumWithANaNIsNaN() {
    block.load(new float[] {1, Float.NaN, 2}, 0, 3);
    block.raise(2);

    assertThat(block.sum()).isNaN();
  }
}
