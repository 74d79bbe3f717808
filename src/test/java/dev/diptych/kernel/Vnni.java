package dev.diptych.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine can run what the package assembles. */
final class Vnni {

  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Vnni() {}

  static boolean isHere() throws IOException {
    return has("avx512_vnni");
  }

  static boolean hasBfloat16() throws IOException {
    return has("avx512_bf16");
  }

  private static boolean has(String flag) throws IOException {
    return Files.exists(INFO) && Files.readString(INFO).contains(" " + flag + " ");
  }
}
