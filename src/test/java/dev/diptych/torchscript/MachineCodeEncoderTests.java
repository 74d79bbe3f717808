package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diptych.Platform;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A BERT by machine code, beside the module that computes it in float32; with heads of 32 and 16
 * channels.
 */
@ParameterizedClass
@ValueSource(ints = {2, 4})
class MachineCodeEncoderTests {

  private static final CpuFeatures CPU = CpuFeatures.detect(Platform.current());
  /* Of all lengths, more than one group takes, with a long one among short ones. */
  private static final List<int[]> INPUTS =
      IntStream.of(12, 1, 31, 32, 33, 200, 2, 77, 128, 40)
          .mapToObj(MachineCodeEncoderTests::tokens)
          .toList();

  private static TorchRuntime runtime;

  @TempDir private Path folder;
  private final Blueprint blueprint;

  MachineCodeEncoderTests(int heads) {
    blueprint = RandomBert.blueprint(heads, true);
  }

  @BeforeAll
  static void start() {
    assumeTrue(CPU.machineCode(), "this CPU has no AVX512-VNNI");
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    if (runtime != null) {
      runtime.close();
    }
  }

  @BeforeEach
  void write() throws IOException {
    RandomWeights.write(folder, blueprint);
  }

  private static int[] tokens(int count) {
    return IntStream.range(0, count).map(i -> (i * 37 + count * 101) % 500).toArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statesPointWhereThoseOfTheModuleDo(boolean bfloat16Products) throws IOException {
    assumeTrue(CPU.bfloat16Products() || !bfloat16Products, "this CPU has no AVX512-BF16");
    EncoderBatch batch = Batches.of(INPUTS);
    try (EncoderModel exact = encoder(CPU, Precision.FLOAT32);
        EncoderModel model = encoder(CPU.withBfloat16Products(bfloat16Products), Precision.INT8)) {
      assertThat(model).isInstanceOf(MachineCodeEncoder.class);
      float[][] expected = exact.hiddenStates(batch);
      float[][] states = model.hiddenStates(batch);
      for (int i = 0; i < INPUTS.size(); i++) {
        assertThat(Batches.cosine(states[i], expected[i])).as("input %d", i).isGreaterThan(0.999);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void pooledVectorsPointWhereThoseOfTheModuleDo(Pooling pooling) throws IOException {
    EncoderBatch batch = Batches.of(INPUTS);
    try (EncoderModel exact = encoder(CPU, Precision.FLOAT32);
        EncoderModel model = encoder(CPU, Precision.INT8)) {
      float[][] expected = exact.pooled(batch, pooling);
      float[][] pooled = model.pooled(batch, pooling);
      for (int i = 0; i < INPUTS.size(); i++) {
        assertThat(Batches.cosine(pooled[i], expected[i])).as("input %d", i).isGreaterThan(0.99);
      }
    }
  }

  @Test
  void vocabularyLogitsAreThoseOfTheModule() throws IOException {
    EncoderBatch batch = Batches.of(INPUTS);
    int[] rows = {0, 11, 12, 50, 300, batch.tokens() - 1};
    try (EncoderModel exact = encoder(CPU, Precision.FLOAT32);
        EncoderModel model = encoder(CPU, Precision.INT8)) {
      float[][] expected = exact.maskedLanguageModelLogits(batch, rows);
      float[][] logits = model.maskedLanguageModelLogits(batch, rows);
      for (int i = 0; i < rows.length; i++) {
        assertThat(Batches.cosine(logits[i], expected[i])).as("row %d", i).isGreaterThan(0.99);
      }
    }
  }

  @Test
  void theLargestLogitsAreThoseOfAllTokens() throws IOException {
    EncoderBatch batch = Batches.of(INPUTS);
    int[] rows = IntStream.range(0, batch.tokens()).toArray();
    try (EncoderModel model = encoder(CPU, Precision.INT8)) {
      float[][] all = model.maskedLanguageModelLogits(batch, rows);
      float[][] largest = model.largestLogits(batch);
      for (int i = 0; i < INPUTS.size(); i++) {
        float[] expected = all[batch.offsets()[i]].clone();
        for (int row = batch.offsets()[i]; row < batch.offsets()[i + 1]; row++) {
          for (int token = 0; token < expected.length; token++) {
            expected[token] = Math.max(expected[token], all[row][token]);
          }
        }
        assertThat(largest[i]).as("input %d", i).isEqualTo(expected);
      }
    }
  }

  @Test
  void anInputGetsBitForBitWhatItGetsAlone() throws IOException {
    try (EncoderModel model = encoder(CPU, Precision.INT8)) {
      float[][] together = model.hiddenStates(Batches.of(INPUTS));
      float[][] logits = model.maskedLanguageModelLogits(Batches.of(INPUTS), new int[] {3, 50});
      for (int i = 0; i < INPUTS.size(); i++) {
        EncoderBatch alone = Batches.of(List.of(INPUTS.get(i)));
        assertThat(together[i]).as("input %d", i).isEqualTo(model.hiddenStates(alone)[0]);
      }
      EncoderBatch first = Batches.of(List.of(INPUTS.getFirst()));
      assertThat(logits[0]).isEqualTo(model.maskedLanguageModelLogits(first, new int[] {3})[0]);
      EncoderBatch fourth = Batches.of(List.of(INPUTS.get(3)));
      assertThat(logits[1]).isEqualTo(model.maskedLanguageModelLogits(fourth, new int[] {6})[0]);
    }
  }

  @Test
  void itIsChosenWithoutASettingUnlessTheCpuHasAmx() {
    assertThat(
            new ModelLoader(runtime, CPU.withAmx(false), PreparedWeights.none())
                .encoderPrecision("auto", blueprint))
        .isEqualTo(Precision.INT8);
    assertThat(
            new ModelLoader(runtime, CPU.withAmx(true), PreparedWeights.none())
                .encoderPrecision("auto", blueprint))
        .isNotEqualTo(Precision.INT8);
  }

  private EncoderModel encoder(CpuFeatures cpu, Precision precision) throws IOException {
    return new ModelLoader(runtime, cpu, PreparedWeights.none())
        .encoder(folder, blueprint, precision);
  }
}
