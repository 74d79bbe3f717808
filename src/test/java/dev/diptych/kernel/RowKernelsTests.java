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
