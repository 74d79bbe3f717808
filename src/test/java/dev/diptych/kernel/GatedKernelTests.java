package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class GatedKernelTests {

  private static final int WIDTH = 96;

  @Test
  void theGateIsMultipliedByItsSigmoidAndWhatItLetsThrough() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer gate = Buffer.random(arena, WIDTH, 4, 1);
      gate.put(0, -300f);
      gate.put(1, 300f);
      gate.put(2, 0f);
      Buffer up = Buffer.random(arena, WIDTH, 1, 2);
      Buffer output = Buffer.ofFloats(arena, WIDTH);
      new GatedKernel(arena).apply(gate.address(), up.address(), output.address(), WIDTH / 16);
      for (int i = 0; i < WIDTH; i++) {
        double x = gate.get(i);
        double expected = x / (1 + Math.exp(-x)) * up.get(i);
        assertThat((double) output.get(i))
            .isCloseTo(expected, Offset.offset(1e-6 * Math.abs(expected) + 1e-30));
      }
    }
  }
}
