package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class HiddenStatesTests {

  private static float[] of(Function<HiddenStates, float[]> wanted) {
    float[] values = {1, -8, 2, 4, 9, -16}; // [3, 2]
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
      return wanted.apply(new HiddenStates(memory.address(), 3, 2));
    }
  }

  @Test
  void poolsFromATokenOn() {
    assertThat(of(states -> states.mean(0))).containsExactly(4f, -20 / 3f);
    assertThat(of(states -> states.mean(1))).containsExactly(5.5f, -6f);
    assertThat(of(states -> states.largest(0))).containsExactly(9f, 4f);
    assertThat(of(states -> states.largest(2))).containsExactly(9f, -16f);
    assertThat(of(states -> states.weightedMean(0))).containsExactly(32 / 6f, -48 / 6f);
    assertThat(of(states -> states.weightedMean(1))).containsExactly(31 / 5f, -40 / 5f);
    assertThat(of(states -> states.meanBySquareRoot(2))).containsExactly(9f, -16f);
    assertThat(of(states -> states.of(1))).containsExactly(2f, 4f);
  }

  @Test
  void aTokenThatIsNotThereIsRefused() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> of(states -> states.mean(3)));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> of(states -> states.largest(-1)));
  }
}
