package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTests {

  @TempDir Path root;

  @BeforeEach
  void machineWithAGigabyte() throws IOException {
    write("proc/meminfo", "MemTotal: 4000000 kB\nMemFree: 10 kB\nMemAvailable:    1048576 kB\n");
  }

  private void write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, content);
  }

  private long bytes() {
    return new AvailableMemory(root).bytes().orElseThrow();
  }

  @Test
  void isWhatTheMachineHasWithoutLimits() throws IOException {
    assertThat(bytes()).isEqualTo(1L << 30);

    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "max\n");
    write("sys/fs/cgroup/memory.current", "77\n");
    assertThat(bytes()).isEqualTo(1L << 30);
  }

  @Test
  void isWhatAContainerHasLeft() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "1000000\n");
    write("sys/fs/cgroup/memory.current", "600000\n");

    assertThat(bytes()).isEqualTo(400_000);
  }

  @Test
  void pagesOfFilesCanBeGivenUp() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "1000000\n");
    write("sys/fs/cgroup/memory.current", "990000\n");
    write(
        "sys/fs/cgroup/memory.stat",
        "anon 1\nfile 900000\nshmem 500\ninactive_file 100000\nactive_file 200000\n");

    assertThat(bytes()).isEqualTo(310_000);
  }

  @Test
  void groupsAboveLimitToo() throws IOException {
    write("proc/self/cgroup", "0::/outer/inner\n");
    write("sys/fs/cgroup/outer/memory.max", "50000\n");
    write("sys/fs/cgroup/outer/memory.current", "20000\n");
    write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
    write("sys/fs/cgroup/outer/inner/memory.current", "20000\n");

    assertThat(bytes()).isEqualTo(30_000);
  }

  @Test
  void readsGroupsOfTheFirstVersion() throws IOException {
    write("proc/self/cgroup", "5:cpu:/\n4:memory:/docker/abc\n0::/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "70000\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "30000\n");
    write("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 5000\nrss 3\n");

    assertThat(bytes()).isEqualTo(45_000);

    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(bytes()).isEqualTo(1L << 30);
  }

  @Test
  void isNothingWhereAGroupIsFull() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "1000\n");
    write("sys/fs/cgroup/memory.current", "1500\n");

    assertThat(bytes()).isZero();
  }

  @Test
  void isUnknownOnOtherSystems() throws IOException {
    Files.delete(root.resolve("proc/meminfo"));

    assertThat(new AvailableMemory(root).bytes()).isEmpty();
  }
}
