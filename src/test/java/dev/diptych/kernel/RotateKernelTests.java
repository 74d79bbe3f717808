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
      Buffer keys = Buffer.ofBytes(arena, KeyValueCache.halfBytes(D));
      Buffer values = Buffer.ofBytes(arena, KeyValueCache.halfBytes(D));
      new RotateKernel(SHARED, D, false, arena)
          .rotate(
              heads.address(),
              heads.address(SHARED * D * 4L),
              heads.address((SHARED + 1) * D * 4L),
              angles.address(),
              keys.address(POSITION * 4L),
              values.address(POSITION / 2 * D * 4L + POSITION % 2 * 2L));
      for (int head = 0; head < SHARED; head++) {
        for (int i = 0; i < D; i++) {
          double query = rotated(before, head * D + i);
          assertThat((double) heads.getBfloat16(2 * head * D + i)).isCloseTo(query, near(query));
        }
      }
      for (int i = 0; i < D; i++) {
        double key = rotated(before, SHARED * D + i);
        double value = before.get((SHARED + 1) * D + i);
        int inKeys = i / 2 * 64 + POSITION * 2 + i % 2;
        int inValues = POSITION / 2 * D * 2 + i * 2 + POSITION % 2;
        assertThat((double) keys.getBfloat16(inKeys)).isCloseTo(key, near(key));
        assertThat((double) values.getBfloat16(inValues)).isCloseTo(value, near(value));
        assertThat(keys.getBfloat16(inKeys + 2)).isZero();
        assertThat(values.getBfloat16(inValues - 1)).isZero();
      }
    }
  }

  private static Offset<Double> near(double value) {
    return Offset.offset(Math.abs(value) / 256 + 1e-6);
  }

  @Test
  void theLastOfASequenceLeavesAZeroBehindItsValue() {
    try (Arena arena = Arena.ofConfined()) {
      Buffer values = Buffer.random(arena, D, 1, 4);
      new RotateKernel(1, D, true, arena)
          .rotate(
              Buffer.ofFloats(arena, D).address(),
              Buffer.ofFloats(arena, D).address(),
              Buffer.random(arena, D, 1, 5).address(),
              Buffer.ofFloats(arena, 2 * D).address(),
              Buffer.ofBytes(arena, KeyValueCache.halfBytes(D)).address(),
              values.address());
      for (int i = 0; i < D; i++) {
        assertThat(values.getBfloat16(2 * i)).isNotZero();
        assertThat(values.getBfloat16(2 * i + 1)).isZero();
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
      Buffer cached = Buffer.ofBytes(arena, KeyValueCache.halfBytes(D));
      Buffer keys = Buffer.ofBytes(arena, KeyValueCache.halfBytes(D));
      new RotateKernel(1, D, false, arena)
          .rotate(
              heads.address(),
              heads.address(D * 4L),
              heads.address(2 * D * 4L),
              Buffer.ofFloats(arena, 2 * D).address(),
              keys.address(),
              cached.address());
      for (int i = 0; i < values.length; i++) {
        assertThat(cached.getBfloat16(2 * i)).isEqualTo(rounded[i]);
      }
    }
  }

  /** What two kernels do the same with, so that an odd number of tokens has no seam. */
  @Test
  void pairsOfTokensAreCachedLikeTokensWithoutAngles() {
    int tokens = 6;
    try (Arena arena = Arena.ofConfined()) {
      Buffer rows = Buffer.random(arena, tokens * 3 * D, 1, 8);
      Buffer same = Buffer.random(arena, tokens * 3 * D, 1, 8);
      Buffer angles = Buffer.ofFloats(arena, 2 * D);
      for (int channel = 0; channel < D; channel++) {
        angles.put(RotateKernel.cosine(channel), 1);
      }
      Buffer pairs = Buffer.ofBytes(arena, 2L * KeyValueCache.halfBytes(D));
      Buffer single = Buffer.ofBytes(arena, 2L * KeyValueCache.halfBytes(D));
      new CacheKernel(D, 3 * D * 4, arena)
          .apply(
              rows.address(),
              KeyValueCache.key(pairs.address(), 4, D),
              KeyValueCache.value(pairs.address(), 4, D),
              tokens / 2);
      RotateKernel rotate = new RotateKernel(1, D, false, arena);
      for (int token = 0; token < tokens; token++) {
        long row = same.address(token * 3L * D * 4);
        rotate.rotate(
            row,
            row + D * 4,
            row + 2 * D * 4,
            angles.address(),
            KeyValueCache.key(single.address(), 4 + token, D),
            KeyValueCache.value(single.address(), 4 + token, D));
      }
      assertThat(pairs.memory().mismatch(single.memory())).isNegative();
      for (int token = 0; token < tokens; token++) {
        for (int i = 0; i < D; i++) {
          int place = token * 6 * D + i;
          assertThat(rows.getBfloat16(place)).isEqualTo(same.getBfloat16(place));
        }
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
