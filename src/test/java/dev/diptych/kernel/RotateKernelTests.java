package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class RotateKernelTests {

  private static final int D = 32;
  private static final int SHARED = 3;
  private static final int CAPACITY = 40;
  private static final int POSITION = 17;

  @Test
  void neighboursRotateAndKeyAndValueAreCached() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer heads = Buffer.random(arena, (SHARED + 2) * D, 1, 1);
      Buffer before = Buffer.random(arena, (SHARED + 2) * D, 1, 1);
      Buffer angles = Buffer.ofFloats(arena, 2 * D);
      for (int channel = 0; channel < D; channel++) {
        angles.put(RotateKernel.cosine(channel), (float) Math.cos(angle(channel)));
        double sine = Math.sin(angle(channel));
        angles.put(RotateKernel.sine(channel), (float) (channel % 2 == 0 ? -sine : sine));
      }
      Buffer keys = Buffer.ofBytes(arena, D * CAPACITY * 2L);
      Buffer values = Buffer.ofBytes(arena, D * CAPACITY * 2L);
      new RotateKernel(SHARED, D, arena)
          .rotate(
              heads.address(),
              heads.address(SHARED * D * 4L),
              heads.address((SHARED + 1) * D * 4L),
              angles.address(),
              keys.address(POSITION * 2L),
              values.address(POSITION * D * 2L),
              CAPACITY * 2L);
      for (int i = 0; i < SHARED * D; i++) {
        assertThat((double) heads.get(i)).isCloseTo(rotated(before, i), Offset.offset(1e-6));
      }
      for (int i = 0; i < D; i++) {
        double key = rotated(before, SHARED * D + i);
        double value = before.get((SHARED + 1) * D + i);
        assertThat((double) keys.getBfloat16(i * CAPACITY + POSITION))
            .isCloseTo(key, Offset.offset(Math.abs(key) / 256 + 1e-6));
        assertThat((double) values.getBfloat16(POSITION * D + i))
            .isCloseTo(value, Offset.offset(Math.abs(value) / 256));
        assertThat(keys.getBfloat16(i * CAPACITY + POSITION + 1)).isZero();
      }
    }
  }

  @Test
  void bfloat16IsRoundedToTheNearestAndTheEvenOfTwo() {
    float[] values = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1.8p-8f, -1 - 0x1.4p-8f, 1 + 0x1p-9f};
    float[] rounded = {1, 1 + 0x1p-6f, 1 + 0x1p-7f, -1 - 0x1p-7f, 1};
    try (Arena arena = Arena.ofConfined()) {
      Buffer heads = Buffer.ofFloats(arena, 3 * D);
      for (int i = 0; i < values.length; i++) {
        heads.put(2 * D + i, values[i]);
      }
      Buffer cached = Buffer.ofBytes(arena, 2L * D);
      Buffer keys = Buffer.ofBytes(arena, 2L * D);
      new RotateKernel(1, D, arena)
          .rotate(
              heads.address(),
              heads.address(D * 4L),
              heads.address(2 * D * 4L),
              Buffer.ofFloats(arena, 2 * D).address(),
              keys.address(),
              cached.address(),
              2);
      for (int i = 0; i < values.length; i++) {
        assertThat(cached.getBfloat16(i)).isEqualTo(rounded[i]);
      }
    }
  }

  private static double angle(int channel) {
    return 0.3 * (channel / 2 + 1);
  }

  private static double rotated(Buffer heads, int i) {
    double cosine = Math.cos(angle(i % D));
    double sine = Math.sin(angle(i % D));
    return i % 2 == 0
        ? heads.get(i) * cosine - heads.get(i + 1) * sine
        : heads.get(i) * cosine + heads.get(i - 1) * sine;
  }
}
