package dev.diptych.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessMemoryTests {

  private static final String STATUS =
      """
      Name:\tjava
      VmPeak:\t10000000 kB
      VmHWM:\t    2048 kB
      VmRSS:\t    1536 kB
      RssAnon:\t    1024 kB
      RssFile:\t     512 kB
      RssShmem:\t       0 kB
      Threads:\t42
      """;

  @Test
  void readsKilobytesAsBytes() throws IOException {
    assertThat(ProcessMemory.parse(STATUS.lines().toList()))
        .isEqualTo(new ProcessMemory(1536 << 10, 1024 << 10, 512 << 10, 2048 << 10));
  }

  @Test
  void refusesTheStatusOfAProcessThatHasEnded() {
    assertThatThrownBy(
            () -> ProcessMemory.parse(STATUS.lines().filter(line -> !line.contains("kB")).toList()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("VmRSS");
  }

  @Test
  void readsThisProcess() throws IOException {
    ProcessMemory memory = ProcessMemory.of(ProcessHandle.current().pid());

    assertThat(memory.anonymous()).isPositive();
    assertThat(memory.resident()).isGreaterThan(memory.anonymous());
    assertThat(memory.peak()).isGreaterThanOrEqualTo(memory.resident());
  }
}
