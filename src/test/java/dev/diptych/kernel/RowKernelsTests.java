package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The kernels between the linear layers of an encoder. */
@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class RowKernelsTests {

  private static final int WIDTH = 96;

  @Test
  void geluIsExact() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.random(arena, 4 * WIDTH, 3, 1);
      values.put(0, 0f);
      values.put(1, -40f);
      values.put(2, 40f);
      values.put(3, 1f);
      values.put(4, -1f);
      Buffer before = Buffer.ofFloats(arena, 4 * WIDTH);
      before.memory().copyFrom(values.memory());
      new GeluKernel(arena).apply(values.address(), 4 * WIDTH / 16);
      assertThat(values.get(0)).isZero();
      assertThat((double) values.get(1)).isCloseTo(0, Offset.offset(1e-6));
      assertThat(values.get(2)).isEqualTo(40f);
      assertThat((double) values.get(3)).isCloseTo(0.8413447461, Offset.offset(3e-7));
      assertThat((double) values.get(4)).isCloseTo(-0.1586552539, Offset.offset(3e-7));
      for (int i = 0; i < 4 * WIDTH; i++) {
        double x = before.get(i);
        assertThat((double) values.get(i)).isCloseTo(x * normal(x), Offset.offset(1e-6));
      }
    }
  }

  /* The distribution function of the normal distribution, by Simpson's rule from 0. */
  private static double normal(double x) {
    int steps = 2000;
    double width = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double at = i * width;
      int weight = i == 0 || i == steps ? 1 : 2 + 2 * (i % 2);
      sum += weight * Math.exp(-at * at / 2);
    }
    return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
  }

  @Test
  void normalisedRowsHaveTheMeanAndDeviationOfBiasAndWeight() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.random(arena, 2 * WIDTH, 5, 1);
      Buffer before = Buffer.ofFloats(arena, 2 * WIDTH);
      before.memory().copyFrom(rows.memory());
      Buffer weightAndBias = Buffer.random(arena, 2 * WIDTH, 1, 2);
      new LayerNormKernel(WIDTH, 0.25f, arena).apply(rows.address(), weightAndBias.address(), 2);
      for (int row = 0; row < 2; row++) {
        double mean = 0;
        double square = 0;
        for (int i = 0; i < WIDTH; i++) {
          mean += before.get(row * WIDTH + i) / (double) WIDTH;
        }
        for (int i = 0; i < WIDTH; i++) {
          square += Math.pow(before.get(row * WIDTH + i) - mean, 2) / WIDTH;
        }
        for (int i = 0; i < WIDTH; i++) {
          double unit = (before.get(row * WIDTH + i) - mean) / Math.sqrt(square + 0.25);
          double expected = unit * weightAndBias.get(i) + weightAndBias.get(WIDTH + i);
          assertThat((double) rows.get(row * WIDTH + i)).isCloseTo(expected, Offset.offset(1e-5));
        }
      }
    }
  }

  @Test
  void everyValueIsSpreadOverItsBlockByAHadamardMatrix() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer row = Buffer.random(arena, WIDTH, 1, 1);
      Buffer spread = Buffer.ofFloats(arena, WIDTH);
      new SpreadKernel(arena).apply(row.address(), spread.address(), WIDTH / 32);
      for (int i = 0; i < WIDTH; i++) {
        double expected = 0;
        for (int k = 0; k < 32; k++) {
          int sign = Integer.bitCount(i % 32 & k) % 2 == 0 ? 1 : -1;
          expected += sign * row.get(i / 32 * 32 + k);
        }
        assertThat((double) spread.get(i)).isCloseTo(expected, Offset.offset(1e-5));
      }
    }
  }

  @Test
  void embeddingsOfTokenPositionAndSegmentAreAddedUp() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer tables = Buffer.ofBytes(arena, 3 * WIDTH * 2L);
      float[] values = {1.5f, -0.25f, 64f};
      for (int table = 0; table < 3; table++) {
        for (int i = 0; i < WIDTH; i++) {
          tables.putFloat16(table * WIDTH + i, values[table] + i);
        }
      }
      Buffer output = Buffer.ofFloats(arena, WIDTH);
      new EmbedKernel(arena)
          .apply(
              tables.address(),
              tables.address(2 * WIDTH),
              tables.address(4 * WIDTH),
              output.address(),
              WIDTH / 16);
      for (int i = 0; i < WIDTH; i++) {
        assertThat(output.get(i)).isEqualTo(65.25f + 3 * i);
      }
    }
  }
}
