package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.Platform;
import dev.diptych.Platforms;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledLibtorchTests {

  @TempDir Path jars;

  @Test
  void runsOnThePlatformThatItWasBuiltFor() throws IOException {
    build("linux-aarch64");
    assertThatCode(() -> require(Platforms.LINUX_ON_ARM)).doesNotThrowAnyException();
  }

  @Test
  void anotherPlatformIsToldHowToBuildOne() throws IOException {
    build("linux-x86_64");
    assertThatThrownBy(() -> require(Platforms.MAC))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has the libtorch of linux-x86_64 and runs on osx-aarch64")
        .hasMessageContaining("-Dplatform=osx-aarch64");
  }

  @Test
  void oneOfSeveralIsEnough() throws IOException {
    build("linux-x86_64");
    build("win-x86_64");
    assertThatCode(() -> require(Platforms.WINDOWS)).doesNotThrowAnyException();
    assertThatThrownBy(() -> require(Platforms.LINUX_ON_ARM))
        .hasMessageContaining("linux-x86_64, win-x86_64");
  }

  @Test
  void linuxWithoutGlibcIsToldWhatIsMissing() throws IOException {
    build("linux-x86_64");
    assertThatThrownBy(() -> require(Platforms.ALPINE)).hasMessageContaining("needs glibc");
  }

  @Test
  void whoeverBringsAnotherLibtorchIsLetThrough() throws IOException {
    build("linux-x86_64");
    Map<String, String> brought = Map.of("PYTORCH_LIBRARY_PATH", "/opt/libtorch");
    assertThatCode(() -> require(Platforms.MAC, brought, Map.of())).doesNotThrowAnyException();
    assertThatCode(() -> require(Platforms.ALPINE, Map.of(), brought)).doesNotThrowAnyException();
  }

  @Test
  void withoutAnyOnTheClassPathTheEngineLooksElsewhere() {
    assertThatCode(() -> require(Platforms.WINDOWS)).doesNotThrowAnyException();
  }

  @Test
  void theOneOfTheseTestsRunsHere() {
    assertThatCode(() -> BundledLibtorch.requireFor(Platform.current())).doesNotThrowAnyException();
  }

  private void build(String platform) throws IOException {
    Path folder = Files.createDirectories(jars.resolve(platform).resolve("native/lib"));
    Files.writeString(
        folder.resolve("pytorch.properties"), "version=2.7.1\nclassifier=%s\n".formatted(platform));
  }

  private void require(Platform platform) throws IOException {
    require(platform, Map.of(), Map.of());
  }

  private void require(
      Platform platform, Map<String, String> variables, Map<String, String> properties)
      throws IOException {
    try (var folders = Files.list(jars);
        var classPath =
            new URLClassLoader(
                folders.sorted().map(BundledLibtorchTests::url).toArray(URL[]::new), null)) {
      BundledLibtorch.requireFor(platform, classPath, variables::get, properties::get);
    }
  }

  private static URL url(Path folder) {
    try {
      return folder.toUri().toURL();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
