package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTests {

  @Test
  void overlapByTheStride() {
    assertThat(Window.of(10, 4, 1))
        .containsExactly(new Window(0, 4), new Window(3, 7), new Window(6, 10));
    assertThat(Window.of(11, 4, 1))
        .containsExactly(new Window(0, 4), new Window(3, 7), new Window(6, 10), new Window(9, 11));
  }

  @Test
  void areOneWhereAllFits() {
    assertThat(Window.of(4, 4, 3)).containsExactly(new Window(0, 4));
    assertThat(Window.of(0, 4, 3)).containsExactly(new Window(0, 0));
  }

  @Test
  void areAsManyAsAreCounted() {
    for (int tokens = 0; tokens < 50; tokens++) {
      for (int room = 1; room < 9; room++) {
        for (int stride = 0; stride < room; stride++) {
          List<Window> windows = Window.of(tokens, room, stride);

          assertThat(Window.count(tokens, room, stride)).isEqualTo(windows.size());
          assertThat(windows.getLast().to()).isEqualTo(tokens);
        }
      }
    }
  }
}
