package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class LinearKernelTests {

  private static final int INPUTS = 48;
  private static final int BLOCKS = 3;
  private static final int OUTPUTS = BLOCKS * LinearKernel.BLOCK;
  private static final int STRIDE = OUTPUTS + 16; // values of an output row

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "7", "8", "9", "15", "16"})
  void productsAreThoseOfWholeNumbersTimesScaleAndBias(int rows) {
    try (Arena arena = Arena.ofConfined()) {
      Operands operands = new Operands(rows, arena);
      Buffer output = Buffer.ofFloats(arena, rows * STRIDE);
      operands.multiply(
          new LinearKernel(INPUTS, rows, STRIDE * Float.BYTES, LinearKernel.Output.PLAIN, arena),
          output);
      for (int row = 0; row < rows; row++) {
        for (int n = 0; n < OUTPUTS; n++) {
          float expected = Math.fma(operands.sum(row, n), operands.scale(n), operands.bias(n));
          assertThat(output.get(row * STRIDE + n)).isEqualTo(expected);
        }
        assertThat(output.get(row * STRIDE + OUTPUTS)).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5", "12", "16"})
  void productsCanGoThroughGelu(int rows) {
    try (Arena arena = Arena.ofConfined()) {
      Operands operands = new Operands(rows, arena);
      Buffer plain = Buffer.ofFloats(arena, rows * STRIDE);
      Buffer output = Buffer.ofFloats(arena, rows * STRIDE);
      int stride = STRIDE * Float.BYTES;
      operands.shrink(1e-3f);
      operands.multiply(
          new LinearKernel(INPUTS, rows, stride, LinearKernel.Output.IN_STEPS, arena), plain);
      operands.multiply(
          new LinearKernel(INPUTS, rows, stride, LinearKernel.Output.GELU_IN_STEPS, arena), output);
      for (int row = 0; row < rows; row++) {
        for (int n = 0; n < OUTPUTS; n++) {
          double x = plain.get(row * STRIDE + n);
          double tanh = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
          assertThat((double) output.get(row * STRIDE + n))
              .isCloseTo(x / 2 * (1 + tanh), Offset.offset(1e-3)); // what tanh is off by
        }
        assertThat(output.get(row * STRIDE + OUTPUTS)).isZero();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, IN_STEPS", "6, IN_STEPS", "16, IN_STEPS",
    "1, ADDED_IN_STEPS", "6, ADDED_IN_STEPS", "16, ADDED_IN_STEPS"
  })
  void productsInStepsAreTheOutputOrAddedToWhatIsThere(int rows, LinearKernel.Output kind) {
    try (Arena arena = Arena.ofConfined()) {
      Operands operands = new Operands(rows, arena);
      Buffer output = Buffer.random(arena, rows * STRIDE, 3, 5);
      Buffer before = Buffer.random(arena, rows * STRIDE, 3, 5);
      operands.multiply(new LinearKernel(INPUTS, rows, STRIDE * Float.BYTES, kind, arena), output);
      for (int row = 0; row < rows; row++) {
        for (int n = 0; n < OUTPUTS; n++) {
          float expected = operands.sum(row, n) * operands.scale(n) * operands.step(row);
          expected += operands.bias(n);
          if (kind == LinearKernel.Output.ADDED_IN_STEPS) {
            expected += before.get(row * STRIDE + n);
          }
          assertThat(output.get(row * STRIDE + n)).isEqualTo(expected);
        }
        int behind = row * STRIDE + OUTPUTS;
        assertThat(output.get(behind)).isEqualTo(before.get(behind));
      }
    }
  }

  /** Random operands, with all extremes among them. */
  private static final class Operands {

    private final byte[][] weights = new byte[OUTPUTS][INPUTS];
    private final Buffer panels;
    private final Buffer scales;
    private final Buffer input;
    private final Buffer rowScales;

    Operands(int rows, Arena arena) {
      Random random = new Random(rows);
      for (byte[] weight : weights) {
        random.nextBytes(weight);
      }
      panels = Buffer.ofBytes(arena, (long) OUTPUTS * INPUTS);
      for (int n = 0; n < OUTPUTS; n++) {
        for (int k = 0; k < INPUTS; k++) {
          int panel = n / 16 * 16 * INPUTS;
          panels.putByte(panel + k / 4 * 64 + n % 16 * 4 + k % 4, weights[n][k] + 128);
        }
      }
      scales = Buffer.random(arena, 2 * OUTPUTS, 0.01, 3);
      input = Buffer.ofBytes(arena, (long) rows * INPUTS);
      rowScales = Buffer.ofBytes(arena, (long) rows * RowScales.BYTES);
      for (int row = 0; row < rows; row++) {
        int sum = 0;
        for (int k = 0; k < INPUTS; k++) {
          input.putByte(row * INPUTS + k, k == 0 ? -128 : random.nextInt(256) - 128);
          sum += input.getByte(row * INPUTS + k);
        }
        rowScales.putInt(2 * row, 128 * sum);
        rowScales.put(2 * row + 1, 0.5f + row);
      }
    }

    void shrink(float factor) {
      for (int i = 0; i < 2 * OUTPUTS; i++) {
        scales.put(i, factor * scales.get(i));
      }
    }

    void multiply(LinearKernel kernel, Buffer output) {
      kernel.multiply(
          panels.address(),
          input.address(),
          output.address(),
          BLOCKS,
          scales.address(),
          rowScales.address());
    }

    int sum(int row, int n) {
      int sum = 0;
      for (int k = 0; k < INPUTS; k++) {
        sum += weights[n][k] * input.getByte(row * INPUTS + k);
      }
      return sum;
    }

    float scale(int n) {
      return scales.get(n / 16 * 32 + n % 16);
    }

    float bias(int n) {
      return scales.get(n / 16 * 32 + 16 + n % 16);
    }

    float step(int row) {
      return rowScales.get(2 * row + 1);
    }
  }
}
