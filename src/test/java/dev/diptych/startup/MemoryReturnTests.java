package dev.diptych.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.Platform;
import dev.diptych.Platforms;
import org.junit.jupiter.api.Test;

class MemoryReturnTests {

  @Test
  void watchesWhereTheSystemSaysHowLargeTheProcessIs() {
    assertThat(new MemoryReturn(Platform.current()).canWatch())
        .isEqualTo(Platform.current().isLinux());
  }

  @Test
  void leavesTheMemoryToOtherSystems() {
    for (Platform platform : new Platform[] {Platforms.MAC, Platforms.WINDOWS}) {
      MemoryReturn memory = new MemoryReturn(platform);
      assertThat(memory.canWatch()).isFalse();
      memory.start();
      assertThat(memory.isRunning()).isTrue();
      memory.stop();
    }
  }
}
