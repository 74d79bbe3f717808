package dev.diptych.torchscript;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What CUDA needs, told by files that appear with it. */
final class NvidiaDriver {

  private NvidiaDriver() {}

  /** False only where there is certainly no CUDA device; where true, libtorch knows. */
  static boolean mayBeThere() {
    return !"Linux".equals(System.getProperty("os.name"))
        || Stream.of("/dev/nvidiactl", "/proc/driver/nvidia/version", "/dev/dxg")
            .anyMatch(file -> Files.exists(Path.of(file)));
  }
}
