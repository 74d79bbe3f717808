package dev.diptych.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory of a process as Linux counts it, in bytes.
 *
 * @param resident in RAM now
 * @param anonymous the part of it that belongs to no file
 * @param file the part of it that is mapped from files
 * @param peak the most that was ever resident
 */
public record ProcessMemory(long resident, long anonymous, long file, long peak) {

  /** Reads {@code /proc/PID/status}. */
  public static ProcessMemory of(long pid) throws IOException {
    return parse(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
  }

  static ProcessMemory parse(List<String> status) throws IOException {
    return new ProcessMemory(
        bytes(status, "VmRSS:"),
        bytes(status, "RssAnon:"),
        bytes(status, "RssFile:"),
        bytes(status, "VmHWM:"));
  }

  private static long bytes(List<String> status, String label) throws IOException {
    for (String line : status) {
      if (line.startsWith(label) && line.endsWith(" kB")) {
        return 1024 * Long.parseLong(line.substring(label.length(), line.length() - 3).strip());
      }
    }
    throw new IOException("The process's status has no " + label); // as when it has ended
  }
}
