package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import dev.diptych.Platform;
import dev.diptych.Platforms;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.Backend;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderBatch;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Pooling;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is done in plain ways where the system is not Linux on x86 with glibc. */
class OtherPlatformsTests {

  private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");
  private static final Set<String> ALL_FLAGS =
      Set.of(
          "avx2",
          "bmi2",
          "avx512bw",
          "avx512vl",
          "avx512dq",
          "avx512_vnni",
          "avx512_bf16",
          "amx_bf16",
          "amx_int8");

  static final List<Platform> OTHERS =
      List.of(Platforms.LINUX_ON_ARM, Platforms.MAC, Platforms.WINDOWS);

  @ParameterizedTest
  @FieldSource("OTHERS")
  void machineCodeIsForLinuxOnX86Only(Platform platform) {
    assertThat(CpuFeatures.of(Platforms.LINUX, ALL_FLAGS).machineCode()).isTrue();
    assertThat(CpuFeatures.of(platform, ALL_FLAGS).machineCode()).isFalse();
  }

  @Test
  void anEmulatedCpuHasNothingOfTheMachineThatEmulatesIt() {
    assertThat(CpuFeatures.of(Platforms.LINUX_ON_ARM, ALL_FLAGS))
        .isEqualTo(CpuFeatures.of(Platforms.LINUX_ON_ARM, Set.of()));
  }

  @Test
  void aSystemThatTellsNothingOfItsCpuHasNoneOfItsInstructions(@TempDir Path folder)
      throws IOException {
    assertThat(CpuFeatures.flags(folder.resolve("cpuinfo"))).isEmpty();
    Path onArm = Files.writeString(folder.resolve("arm"), "processor: 0\nFeatures: fp asimd\n");
    assertThat(CpuFeatures.flags(onArm)).isEmpty();
    CpuFeatures windows = CpuFeatures.of(Platforms.WINDOWS, Set.of());
    assertThat(windows.x86()).isTrue();
    assertThat(windows.avx512()).isFalse();
    assertThat(windows.int8DotProduct()).isFalse();
  }

  @Test
  void functionsOfGlibcAreCalledWhereItIs() {
    for (Platform platform : new Platform[] {Platforms.ALPINE, Platforms.MAC, Platforms.WINDOWS}) {
      Libc none = Libc.of(platform);
      assertThat(none.hasMalloc()).isFalse();
      assertThatCode(none::mallocTrim).doesNotThrowAnyException();
      assertThatCode(() -> none.mallopt(-1, 1)).doesNotThrowAnyException();
    }
    assertThat(Libc.of(Platforms.LINUX).hasMalloc()).isTrue();
  }

  @Test
  void theEnvironmentIsSetWhereUnixHasACallForIt() {
    assertThat(Libc.of(Platforms.MAC).hasEnvironment()).isTrue();
    Libc none = Libc.of(Platforms.WINDOWS);
    assertThat(none.hasEnvironment()).isFalse();
    assertThatCode(() -> none.setDefault("A", "b")).doesNotThrowAnyException();
  }

  @Test
  void cudaIsRuledOutByFilesOnLinuxAndAltogetherOnMacs() {
    assertThat(NvidiaDriver.mayBeThere(Platforms.LINUX, _ -> false)).isFalse();
    assertThat(NvidiaDriver.mayBeThere(Platforms.LINUX_ON_ARM, Path.of("/dev/dxg")::equals))
        .isTrue();
    assertThat(NvidiaDriver.mayBeThere(Platforms.MAC, _ -> true)).isFalse();
    assertThat(NvidiaDriver.mayBeThere(Platforms.WINDOWS, _ -> false)).isTrue();
  }

  @ParameterizedTest
  @FieldSource("OTHERS")
  void precisionIsTheOneThatEveryCpuHasWhereTheSystemDoesNotTellOfIt(Platform platform) {
    CpuFeatures cpu = CpuFeatures.of(platform, Set.of());
    try (TorchRuntime runtime = new TorchRuntime("cpu", platform)) {
      assertThat(Precision.choose("auto", true, runtime, cpu)).isEqualTo(Precision.FLOAT32);
    }
  }

  @ParameterizedTest
  @FieldSource("OTHERS")
  void aDecoderContinuesThereAsTransformers(Platform platform) throws IOException {
    for (String name : List.of("llama-tied", "gpt2")) {
      Path folder = CHECKPOINTS.resolve(name);
      Blueprint blueprint = BlueprintReader.read(folder);
      try (TorchRuntime runtime = new TorchRuntime("cpu", platform);
          DecoderModel model =
              loader(runtime, platform).decoder(folder, blueprint, Precision.FLOAT32)) {
        assertThat(model.backend()).isEqualTo(Backend.pytorch("none for " + platform.label()));
        model.reserve(2, 128);
        for (JsonNode reference : cases(folder)) {
          List<Integer> expected = integers(reference.get("greedy_ids"));
          assertThat(Greedy.generate(model, ints(reference.get("input_ids")), expected.size()))
              .isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("OTHERS")
  void anEncodersVectorsThereAreThoseOfTransformers(Platform platform) throws IOException {
    Path folder = CHECKPOINTS.resolve("bert");
    Blueprint blueprint = BlueprintReader.read(folder);
    try (TorchRuntime runtime = new TorchRuntime("cpu", platform);
        EncoderModel model =
            loader(runtime, platform).encoder(folder, blueprint, Precision.FLOAT32)) {
      for (JsonNode reference : cases(folder)) {
        EncoderBatch batch = Batches.of(List.of(ints(reference.get("input_ids"))));
        float[] mean = Batches.normalised(model.pooled(batch, Pooling.MEAN)[0]);
        assertThat(Batches.cosine(mean, floats(reference.get("mean_normalized"))))
            .isGreaterThan(0.99999);
      }
    }
  }

  @Test
  void linearLayersAreTheSameWithoutOneDnn() {
    float[] with = linear(Platforms.LINUX);
    float[] without = linear(Platforms.MAC);
    assertThat(with).isNotEqualTo(new float[with.length]);
    for (int i = 0; i < with.length; i++) {
      assertThat(without[i]).isCloseTo(with[i], within(1e-5f));
    }
  }

  @Test
  void macsGetAScriptWithoutTheOperatorsOfOneDnn() {
    ScriptSource source = ScriptSource.read("onednn");
    assertThat(source.forLibtorch(true)).isEqualTo(source);
    assertThat(source.forLibtorch(false).name()).isEqualTo("onednn");
    assertThat(source.forLibtorch(false).code()).doesNotContain("ops.").contains("def add(");
    try (TorchRuntime runtime = new TorchRuntime("cpu", Platforms.MAC)) {
      assertThat(runtime.hasOneDnn()).isFalse();
    }
  }

  /** Of one row, in each way that onednn.py has. */
  private static float[] linear(Platform platform) {
    try (TorchRuntime runtime = new TorchRuntime("cpu", platform);
        TorchModule module =
            TorchModule.load(
                runtime, List.of(ScriptSource.read("onednn_rows"), ScriptSource.read("onednn")))) {
      module.prepare("init", module.arguments()).close();
      float[] row = new float[5 * 48];
      module.read(row, "rows", module.arguments());
      return row;
    }
  }

  @Test
  void operatorsThatNotEveryLibtorchHasAreNamedInOneScript() throws IOException {
    Path scripts = Path.of("src/main/resources/torchscript");
    try (var files = Files.list(scripts)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        assertThat(Files.readString(file).contains("ops.mkldnn."))
            .as(file.toString())
            .isEqualTo(file.endsWith("onednn.py"));
      }
    }
  }

  private static ModelLoader loader(TorchRuntime runtime, Platform platform) {
    return new ModelLoader(runtime, CpuFeatures.of(platform, Set.of()), PreparedWeights.none());
  }

  private static JsonNode cases(Path folder) throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readAllBytes(folder.resolve("reference.json")))
        .get("cases");
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static List<Integer> integers(JsonNode array) {
    return array.valueStream().map(JsonNode::intValue).toList();
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }
}
