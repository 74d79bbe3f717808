package dev.diptych.torchscript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has in RAM, on Linux. */
final class ResidentMemory {

  private ResidentMemory() {}

  static long bytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
