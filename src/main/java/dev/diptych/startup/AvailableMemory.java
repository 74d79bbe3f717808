package dev.diptych.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How much memory the process may still take, as Linux tells it: what is available on the machine,
 * and what is left below the limits of the control groups that it is in, containers among them.
 */
final class AvailableMemory {

  /*
   * /proc/meminfo            MemAvailable:   123 kB
   * /proc/self/cgroup        0::/path of version 2, or 4:memory:/path of version 1
   * /sys/fs/cgroup/path/     memory.max, memory.current
   * /sys/fs/cgroup/memory/   memory.limit_in_bytes, memory.usage_in_bytes, in version 1
   *   both                   memory.stat, with the pages of files that can be given up
   *
   * In a container the path is often one of the host's and not to be found; the group is the root
   * then. A group is limited by those above it too.
   */

  private static final List<String> FILES = List.of("inactive_file", "active_file");

  private final Path root;

  /**
   * That of a system.
   *
   * @param root {@code /}
   */
  AvailableMemory(Path root) {
    this.root = root;
  }

  /** In bytes; empty where the system does not say. */
  OptionalLong bytes() {
    OptionalLong machine = machine();
    long least = machine.orElse(Long.MAX_VALUE);
    for (Path group : groups()) {
      least = Math.min(least, left(group));
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(0, least));
  }

  private OptionalLong machine() {
    for (String line : lines(root.resolve("proc/meminfo"))) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length >= 2 && words[0].equals("MemAvailable:")) {
        return OptionalLong.of(number(words[1]) << 10);
      }
    }
    return OptionalLong.empty();
  }

  private List<Path> groups() {
    List<Path> groups = new ArrayList<>();
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3
          && (parts[1].isEmpty() || List.of(parts[1].split(",")).contains("memory"))) {
        Path mount = root.resolve(parts[1].isEmpty() ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
        Path group = mount.resolve(parts[2].replaceFirst("^/+", "")).normalize();
        while (group.startsWith(mount)) {
          groups.add(group);
          group = group.resolveSibling(".").normalize();
        }
      }
    }
    return groups;
  }

  private static long left(Path group) {
    boolean second = Files.exists(group.resolve("memory.max"));
    List<String> limit = lines(group.resolve(second ? "memory.max" : "memory.limit_in_bytes"));
    List<String> usage = lines(group.resolve(second ? "memory.current" : "memory.usage_in_bytes"));
    if (limit.isEmpty() || usage.isEmpty() || limit.getFirst().strip().equals("max")) {
      return Long.MAX_VALUE;
    }
    Map<String, Long> statistics = new TreeMap<>();
    for (String line : lines(group.resolve("memory.stat"))) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length == 2) {
        statistics.put(words[0].replaceFirst("^total_", ""), number(words[1]));
      }
    }
    long files = FILES.stream().mapToLong(name -> statistics.getOrDefault(name, 0L)).sum();
    return number(limit.getFirst().strip()) - number(usage.getFirst().strip()) + files;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE >> 12; // so much that it is none
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
