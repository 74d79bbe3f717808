package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.model.DenseActivation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseLayerTests {

  private final Random random = new Random(7);

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat(-1, 1);
    }
    return numbers;
  }

  private LinearLayer linear(int inputs, int outputs) {
    float[][] weight = new float[inputs][];
    for (int input = 0; input < inputs; input++) {
      weight[input] = numbers(outputs);
    }
    return new LinearLayer(weight, numbers(outputs));
  }

  private static double expected(LinearLayer layer, float[] vector, int output) {
    double sum = layer.bias()[output];
    for (int input = 0; input < vector.length; input++) {
      sum += (double) vector[input] * layer.weight()[input][output];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "64, 1024", "65, 1025", "130, 3", "2, 2500"})
  void aLinearLayerOfAnySizeIsItsSums(int inputs, int outputs) {
    LinearLayer layer = linear(inputs, outputs);
    float[][] vectors = {numbers(inputs), numbers(inputs)};
    float[][] results = layer.apply(vectors);
    for (int i = 0; i < vectors.length; i++) {
      assertThat(results[i]).hasSize(outputs);
      for (int output = 0; output < outputs; output++) {
        assertThat((double) results[i][output])
            .isEqualTo(expected(layer, vectors[i], output), within(1e-5));
      }
    }
  }

  @Test
  void aVectorDoesNotDependOnItsNeighbours() {
    LinearLayer layer = linear(200, 1500);
    float[][] vectors = {numbers(200), numbers(200), numbers(200)};
    float[][] together = layer.apply(vectors);
    for (int i = 0; i < vectors.length; i++) {
      assertThat(layer.apply(new float[][] {vectors[i]})[0]).isEqualTo(together[i]);
    }
  }

  @Test
  void theVectorIsAddedBehindTheActivation() {
    LinearLayer linear = linear(4, 4);
    float[] vector = numbers(4);
    float[] result =
        new DenseLayer(linear, DenseActivation.RELU, true, null).apply(new float[][] {vector})[0];
    for (int i = 0; i < 4; i++) {
      assertThat((double) result[i])
          .isEqualTo(Math.max(expected(linear, vector, i), 0) + vector[i], within(1e-6));
    }
  }

  @Test
  void theVectorIsProjectedWhereWidthsDiffer() {
    LinearLayer linear = linear(4, 3);
    LinearLayer projection = linear(4, 3);
    float[] vector = numbers(4);
    DenseLayer layer = new DenseLayer(linear, DenseActivation.TANH, true, projection);
    float[] result = layer.apply(new float[][] {vector})[0];
    for (int i = 0; i < 3; i++) {
      double wanted = Math.tanh(expected(linear, vector, i)) + expected(projection, vector, i);
      assertThat((double) result[i]).isEqualTo(wanted, within(1e-6));
    }
  }

  @Test
  void refusesVectorsOfAnotherWidth() {
    assertThatThrownBy(() -> linear(4, 3).apply(new float[][] {numbers(5)}))
        .hasMessageContaining("5")
        .hasMessageContaining("4");
  }
}
