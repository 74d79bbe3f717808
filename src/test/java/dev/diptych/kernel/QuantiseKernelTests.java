package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class QuantiseKernelTests {

  private static final int WIDTH = 96;
  private static final int ROWS = 3;
  private static final float SPACING = 0.004f;
  private static final float BIAS = 2.5f;

  @Test
  void unitRowsAreRoundedInFractionsOfTheirLength() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.random(arena, ROWS * WIDTH, 1, 1);
      rows.put(5, 40f); // far beyond the last level
      rows.put(6, -40f);
      Quantised quantised = new Quantised(arena);
      quantised.by(QuantiseKernel.ofUnitRows(WIDTH, 0.5f, SPACING, arena), rows);
      for (int row = 0; row < ROWS; row++) {
        double square = 0.5;
        for (int i = 0; i < WIDTH; i++) {
          square += rows.get(row * WIDTH + i) * (double) rows.get(row * WIDTH + i);
        }
        quantised.check(rows, row, Math.sqrt(square) * SPACING);
      }
      assertThat(quantised.values.getByte(5)).isEqualTo((byte) 127);
      assertThat(quantised.values.getByte(6)).isEqualTo((byte) -128);
    }
  }

  @Test
  void theLargestValueOfAnyRowIsTheLastLevel() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.random(arena, ROWS * WIDTH, 1, 2);
      rows.put(WIDTH + 7, -9f);
      Quantised quantised = new Quantised(arena);
      quantised.by(QuantiseKernel.ofAnyRows(WIDTH, 127, arena), rows);
      for (int row = 0; row < ROWS; row++) {
        double largest = 0;
        for (int i = 0; i < WIDTH; i++) {
          largest = Math.max(largest, Math.abs(rows.get(row * WIDTH + i)));
        }
        assertThat(quantised.rowScales.get(2 * row + 1))
            .isCloseTo((float) (largest / 127), Offset.offset(1e-7f));
        quantised.check(rows, row, largest / 127);
      }
      assertThat(quantised.values.getByte(WIDTH + 7)).isEqualTo((byte) -127);
    }
  }

  @Test
  void rowsAreSpreadBeforeTheyAreRoundedAndStayAsTheyAre() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.random(arena, ROWS * WIDTH, 1, 3);
      Buffer before = Buffer.random(arena, ROWS * WIDTH, 1, 3);
      Buffer spread = Buffer.ofFloats(arena, ROWS * WIDTH);
      for (int i = 0; i < ROWS * WIDTH; i++) {
        double sum = 0;
        for (int k = 0; k < 32; k++) {
          int sign = Integer.bitCount(i % 32 & k) % 2 == 0 ? 1 : -1;
          sum += sign * rows.get(i / 32 * 32 + k);
        }
        spread.put(i, (float) sum);
      }
      Quantised quantised = new Quantised(arena);
      quantised.by(QuantiseKernel.ofSpreadRows(WIDTH, 127, arena), rows);
      for (int row = 0; row < ROWS; row++) {
        double largest = 0;
        for (int i = 0; i < WIDTH; i++) {
          largest = Math.max(largest, Math.abs(spread.get(row * WIDTH + i)));
          assertThat(rows.get(row * WIDTH + i)).isEqualTo(before.get(row * WIDTH + i));
        }
        quantised.check(spread, row, largest / 127);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1e-43, 1e-35"})
  void productsOfRowsThatAreNextToNothingAreTheBias(float value, float tolerance) {
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.ofFloats(arena, ROWS * WIDTH);
      for (int i = 0; i < ROWS * WIDTH; i++) {
        rows.put(i, value);
      }
      for (QuantiseKernel kernel : kernelsOfAnyRows(arena)) {
        Buffer products = products(kernel, rows, arena);
        for (int i = 0; i < ROWS * LinearKernel.BLOCK; i++) {
          assertThat(products.get(i)).isCloseTo(BIAS, Offset.offset(tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void productsOfARowWithAValueThatIsNotFiniteAreNotFinite(float value) {
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.random(arena, ROWS * WIDTH, 1, 4);
      rows.put(WIDTH + 5, value);
      for (QuantiseKernel kernel : kernelsOfAnyRows(arena)) {
        Buffer products = products(kernel, rows, arena);
        for (int i = 0; i < LinearKernel.BLOCK; i++) {
          assertThat(products.get(i)).isFinite();
          assertThat(Float.isFinite(products.get(LinearKernel.BLOCK + i))).isFalse();
          assertThat(products.get(2 * LinearKernel.BLOCK + i)).isFinite();
        }
      }
    }
  }

  private static List<QuantiseKernel> kernelsOfAnyRows(Arena arena) {
    return List.of(
        QuantiseKernel.ofAnyRows(WIDTH, 127, arena),
        QuantiseKernel.ofSpreadRows(WIDTH, 127, arena));
  }

  /* With weights that are all 1, scaled by 1, and a bias. */
  private static Buffer products(QuantiseKernel kernel, Buffer rows, Arena arena) {
    Quantised quantised = new Quantised(arena);
    quantised.by(kernel, rows);
    Buffer panel = Buffer.ofBytes(arena, WIDTH * LinearKernel.BLOCK);
    for (int i = 0; i < WIDTH * LinearKernel.BLOCK; i++) {
      panel.putByte(i, 129);
    }
    Buffer scales = Buffer.ofFloats(arena, 2 * LinearKernel.BLOCK);
    for (int i = 0; i < LinearKernel.BLOCK; i++) {
      scales.put(i, 1f);
      scales.put(LinearKernel.BLOCK + i, BIAS);
    }
    Buffer products = Buffer.ofFloats(arena, ROWS * LinearKernel.BLOCK);
    int stride = LinearKernel.BLOCK * Float.BYTES;
    new LinearKernel(WIDTH, ROWS, stride, LinearKernel.Output.IN_STEPS, arena)
        .multiply(
            panel.address(),
            quantised.values.address(),
            products.address(),
            1,
            scales.address(),
            quantised.rowScales.address());
    return products;
  }

  private record Quantised(Buffer values, Buffer rowScales, Buffer room) {

    Quantised(Arena arena) {
      this(
          Buffer.ofBytes(arena, ROWS * WIDTH),
          Buffer.ofBytes(arena, (long) ROWS * RowScales.BYTES),
          Buffer.ofFloats(arena, WIDTH));
    }

    void by(QuantiseKernel kernel, Buffer rows) {
      kernel.quantise(rows.address(), values.address(), rowScales.address(), ROWS, room.address());
    }

    void check(Buffer rows, int row, double step) {
      int sum = 0;
      for (int i = 0; i < WIDTH; i++) {
        double exact = Math.clamp(rows.get(row * WIDTH + i) / step, -128, 127);
        int value = values.getByte(row * WIDTH + i);
        assertThat(value - exact).isBetween(-0.501, 0.501);
        sum += value;
      }
      assertThat(rowScales.getInt(2 * row)).isEqualTo(128 * sum);
    }
  }
}
