package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that the settings want. */
class BackendChoiceTests {

  private static final Path CHECKPOINTS = Path.of("src/test/resources");
  private static final CpuFeatures CPU = Cpus.zen4().withMachineCode(true);

  private static TorchRuntime runtime;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @Test
  void pytorchNeverUsesMachineCode() throws IOException {
    Path llama = CHECKPOINTS.resolve("whole-blocks/llama-tied");
    Path bert = CHECKPOINTS.resolve("whole-blocks/bert");
    ModelLoader loader = loader(CPU, BackendChoice.PYTORCH);
    Blueprint blueprint = BlueprintReader.read(llama);
    Blueprint reading = BlueprintReader.read(bert);

    try (DecoderModel decoder =
            loader.decoder(llama, blueprint, loader.decoderPrecision("auto", blueprint));
        EncoderModel encoder = loader.encoder(bert, reading, Precision.INT8)) {
      assertThat(decoder.backend().name()).isEqualTo("pytorch");
      assertThat(encoder.backend().name()).isEqualTo("pytorch");
      assertThat(encoder.backend().reason()).isEqualTo("none is wanted (diptych.models.backend)");
    }
    assertThat(loader.decoderMemory(blueprint, Precision.INT8))
        .isEqualTo(
            loader(CPU.withMachineCode(false), BackendChoice.AUTO)
                .decoderMemory(blueprint, Precision.INT8));
  }

  @Test
  void machineCodeTakesItsPrecisionWithoutASetting() throws IOException {
    Path bert = CHECKPOINTS.resolve("whole-blocks/bert");
    Blueprint blueprint = BlueprintReader.read(bert);
    ModelLoader loader = loader(CPU.withAmx(true), BackendChoice.MACHINE_CODE);

    assertThat(loader.encoderPrecision("auto", blueprint)).isEqualTo(Precision.INT8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma2", "gpt2", "falcon", "mistral"})
  void machineCodeRefusesADecoderForTheReasonThatIsTold(String family) throws IOException {
    Path folder = CHECKPOINTS.resolve("families").resolve(family);
    Blueprint blueprint = BlueprintReader.read(folder);
    String told;
    try (DecoderModel decoder =
        loader(CPU, BackendChoice.AUTO).decoder(folder, blueprint, Precision.FLOAT32)) {
      told = String.valueOf(decoder.backend().reason());
    }

    assertThatIllegalStateException()
        .isThrownBy(
            () -> loader(CPU, BackendChoice.MACHINE_CODE).decoderPrecision("auto", blueprint))
        .withMessage("the backend is to be machine-code, but there is " + told);
  }

  @Test
  void machineCodeRefusesOtherPrecisionsAndCpusThatLackIt() throws IOException {
    Blueprint blueprint = BlueprintReader.read(CHECKPOINTS.resolve("whole-blocks/llama-tied"));
    ModelLoader without = loader(CPU.withMachineCode(false), BackendChoice.MACHINE_CODE);

    assertThatIllegalStateException()
        .isThrownBy(() -> without.decoderPrecision("auto", blueprint))
        .withMessageContaining("none for this CPU, which has no AVX512-VNNI");
    assertThatIllegalStateException()
        .isThrownBy(
            () -> loader(CPU, BackendChoice.MACHINE_CODE).decoderPrecision("float32", blueprint))
        .withMessageContaining("none for the precision float32");
  }

  private static ModelLoader loader(CpuFeatures cpu, BackendChoice backend) {
    return new ModelLoader(runtime, cpu, PreparedWeights.none()).on(backend);
  }
}
