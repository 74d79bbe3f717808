package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models whose kernels have their own order of the weights do not hold the checkpoint's file. */
@ParameterizedClass
@MethodSource("dev.diptych.torchscript.Cpus#here")
class MappedWeightsTests {

  private static TorchRuntime runtime;
  private final CpuFeatures cpu;

  MappedWeightsTests(CpuFeatures cpu) {
    this.cpu = cpu;
  }

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void encodersLetGoOfTheirFile(Precision precision) throws IOException {
    Blueprint blueprint = BlueprintReader.read(copyOf("bert"));
    try (var _ =
        new ModelLoader(runtime, cpu, PreparedWeights.none())
            .encoder(folder, blueprint, precision)) {
      assertThat(mapped()).isEqualTo(readsTheFile(precision));
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void decodersLetGoOfTheirFile(Precision precision) throws IOException {
    for (String name : new String[] {"gpt2", "qwen2"}) {
      Blueprint blueprint = BlueprintReader.read(copyOf(name));
      try (var _ =
          new ModelLoader(runtime, cpu, PreparedWeights.none())
              .decoder(folder, blueprint, precision)) {
        assertThat(mapped()).isEqualTo(readsTheFile(precision));
      }
    }
  }

  /* What oneDNN refuses is left to torch.linear, which takes weights as they lie in the file. */
  private boolean readsTheFile(Precision precision) {
    return precision == Precision.BFLOAT16 && !cpu.avx512();
  }

  private boolean mapped() throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(folder.toString());
  }

  private Path copyOf(String name) throws IOException {
    Path fixture = Path.of("src/test/resources/checkpoints").resolve(name);
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.deleteIfExists(folder.resolve(file));
      Files.copy(fixture.resolve(file), folder.resolve(file));
    }
    return folder;
  }
}
