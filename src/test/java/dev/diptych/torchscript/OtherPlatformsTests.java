package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.diptych.Platform;
import dev.diptych.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is done in plain ways where the system is not Linux on x86 with glibc. */
class OtherPlatformsTests {

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
  void precisionIsOneThatThePlatformHas(Platform platform) {
    CpuFeatures cpu = CpuFeatures.of(platform, Set.of());
    try (TorchRuntime runtime = TorchRuntime.on("cpu", platform)) {
      assertThat(Precision.choose("auto", true, runtime, cpu))
          .isEqualTo(platform.isX86() ? Precision.FLOAT16 : Precision.FLOAT32);
    }
  }
}
