package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class GatedKernelTests {

  private static final int BLOCKS = 3;
  private static final int WIDTH = BLOCKS * GatedKernel.BLOCK;

  @Test
  void gatesAndThenSpreadsEachBlock() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer gate = Buffer.random(arena, WIDTH, 4, 1);
      gate.put(0, -300f);
      gate.put(1, 300f);
      gate.put(2, 0f);
      Buffer up = Buffer.random(arena, WIDTH, 1, 2);
      Buffer matrix = Buffer.random(arena, GatedKernel.BLOCK * GatedKernel.BLOCK, 0.2, 3);
      Buffer output = Buffer.ofFloats(arena, WIDTH);
      new GatedKernel(arena)
          .apply(gate.address(), up.address(), output.address(), matrix.address(), BLOCKS);
      for (int i = 0; i < WIDTH; i++) {
        int first = i / GatedKernel.BLOCK * GatedKernel.BLOCK;
        double expected = 0;
        double size = 0;
        for (int k = 0; k < GatedKernel.BLOCK; k++) {
          double x = gate.get(first + k);
          double term = x / (1 + Math.exp(-x)) * up.get(first + k) * matrix.get(k * 32 + i % 32);
          expected += term;
          size += Math.abs(term);
        }
        assertThat((double) output.get(i)).isCloseTo(expected, Offset.offset(1e-6 * size));
      }
    }
  }
}
