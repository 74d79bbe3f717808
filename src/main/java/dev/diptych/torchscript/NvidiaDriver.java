package dev.diptych.torchscript;

import dev.diptych.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What CUDA needs, told by files that appear with it. */
final class NvidiaDriver {

  private static final List<Path> FILES_OF_LINUX =
      Stream.of("/dev/nvidiactl", "/proc/driver/nvidia/version", "/dev/dxg").map(Path::of).toList();

  private NvidiaDriver() {}

  /** False only where there is certainly no CUDA device; where true, libtorch knows. */
  static boolean mayBeThere(Platform platform) {
    return mayBeThere(platform, Files::exists);
  }

  static boolean mayBeThere(Platform platform, Predicate<Path> exists) {
    return switch (platform.system()) {
      case LINUX -> FILES_OF_LINUX.stream().anyMatch(exists);
      case MACOS -> false;
      case WINDOWS, OTHER -> true;
    };
  }
}
