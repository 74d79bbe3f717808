package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way of pooling, on every executor that this CPU has, beside sums over hidden states. */
@ParameterizedClass
@MethodSource("dev.diptych.torchscript.Cpus#here")
class PoolingTests {

  private static final List<int[]> INPUTS =
      IntStream.of(9, 1, 30, 31, 100).mapToObj(PoolingTests::tokens).toList();
  private static TorchRuntime runtime;
  private final CpuFeatures cpu;

  PoolingTests(CpuFeatures cpu) {
    this.cpu = cpu;
  }

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  private static int[] tokens(int count) {
    return IntStream.range(0, count).map(i -> (i * 37 + count * 101) % 250).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void aVectorIsWhatItsHiddenStatesSay(Pooling pooling) throws IOException {
    Path folder = Path.of("src/test/resources/checkpoints/bert");
    Blueprint blueprint = BlueprintReader.read(folder);
    EncoderBatch batch = Batches.of(INPUTS);
    for (Precision precision : List.of(Precision.FLOAT32, Precision.INT8)) {
      try (EncoderModel model =
          new ModelLoader(runtime, cpu, PreparedWeights.none())
              .encoder(folder, blueprint, precision)) {
        float[][] states = model.hiddenStates(batch);
        for (int skipped : new int[] {0, 3}) {
          float[][] vectors = model.pooled(batch, pooling, skipped);
          for (int i = 0; i < vectors.length; i++) {
            float[] expected = expected(pooling, states[i], model.hiddenSize(), skipped);
            for (int channel = 0; channel < expected.length; channel++) {
              assertThat(vectors[i][channel]).isEqualTo(expected[channel], within(1e-4f));
            }
          }
        }
      }
    }
  }

  private static float[] expected(Pooling pooling, float[] states, int hidden, int skipped) {
    int tokens = states.length / hidden;
    int first = Math.min(skipped, tokens - 1);
    float[] vector = new float[hidden];
    for (int channel = 0; channel < hidden; channel++) {
      double sum = 0;
      double weighted = 0;
      double weights = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int token = first; token < tokens; token++) {
        double value = states[token * hidden + channel];
        sum += value;
        weighted += (token + 1) * value;
        weights += token + 1;
        largest = Math.max(largest, value);
      }
      int count = tokens - first;
      vector[channel] =
          switch (pooling) {
            case MEAN -> (float) (sum / count);
            case CLS -> states[first * hidden + channel];
            case LAST_TOKEN -> states[(tokens - 1) * hidden + channel];
            case MAX -> (float) largest;
            case MEAN_SQRT_LENGTH -> (float) (sum / Math.sqrt(count));
            case WEIGHTED_MEAN -> (float) (weighted / weights);
          };
    }
    return vector;
  }
}
