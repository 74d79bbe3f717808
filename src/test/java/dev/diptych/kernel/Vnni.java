package dev.diptych.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine can run what the package assembles. */
final class Vnni {

  private Vnni() {}

  static boolean isHere() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    return Files.exists(info) && Files.readString(info).contains(" avx512_vnni ");
  }
}
