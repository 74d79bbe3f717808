package dev.diptych;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.Platform.CLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTests {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-aarch64",
    "Mac OS X, aarch64, osx-aarch64",
    "Mac OS X, x86_64, osx-x86_64",
    "Windows 11, amd64, win-x86_64",
    "Windows Server 2025, amd64, win-x86_64",
    "FreeBSD, riscv64, other-other"
  })
  void hasTheNameThatItsNativeLibrariesHave(String system, String architecture, String label) {
    assertThat(Platform.of(system, architecture, false).label()).isEqualTo(label);
  }

  @Test
  void hasGlibcOnLinuxOnly() {
    assertThat(Platform.of("Linux", "amd64", true).hasGlibc()).isTrue();
    assertThat(Platform.of("Linux", "amd64", false).hasGlibc()).isFalse();
    assertThat(Platform.of("GNU/kFreeBSD", "amd64", true).hasGlibc()).isFalse();
    assertThat(Platform.of("Linux", "amd64", false).cLibrary()).isEqualTo(CLibrary.OTHER);
  }

  @Test
  void isUnixWhereThereAreItsCalls() {
    assertThat(Platforms.LINUX.isUnix()).isTrue();
    assertThat(Platforms.MAC.isUnix()).isTrue();
    assertThat(Platforms.WINDOWS.isUnix()).isFalse();
  }

  @Test
  void knowsTheOneThatTheTestsRunOn() {
    Platform here = Platform.current();
    assertThat(here.label()).doesNotContain("other");
    assertThat(here.isWindows()).isEqualTo(System.getProperty("os.name").startsWith("Windows"));
  }
}
