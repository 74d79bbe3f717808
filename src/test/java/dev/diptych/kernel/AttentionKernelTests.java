package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class AttentionKernelTests {

  private static final int CAPACITY = 320;

  @ParameterizedTest
  @CsvSource({
    "3, 64, 1",
    "3, 64, 31",
    "3, 64, 32",
    "3, 64, 33",
    "3, 64, 256",
    "3, 64, 300",
    "1, 16, 48",
    "4, 64, 70",
    "2, 128, 65",
    "9, 16, 40",
    "5, 48, 20"
  })
  void eachHeadsAnswerIsTheMeanOfValuesWeightedBySoftmax(int heads, int d, int length) {
    try (Arena arena = Arena.ofConfined()) {
      Case attention = new Case(heads, d, length, arena);
      Buffer output = attention.attend();
      for (int head = 0; head < heads; head++) {
        double[] expected = attention.expected(head);
        for (int i = 0; i < d; i++) {
          assertThat((double) output.get(head * d + i)).isCloseTo(expected[i], Offset.offset(1e-5));
        }
      }
    }
  }

  /** What earlier sequences left behind a sequence, such as numbers that are none. */
  @Test
  void nothingBehindTheLengthIsSeen() {
    try (Arena arena = Arena.ofConfined()) {
      Case clean = new Case(3, 64, 37, arena);
      Case dirty = new Case(3, 64, 37, arena);
      for (int position = 37; position < CAPACITY; position++) {
        for (int channel = 0; channel < 64; channel++) {
          dirty.keys.putBfloat16(channel * CAPACITY + position, Float.NaN);
          dirty.values.putBfloat16(position * 64 + channel, Float.NaN);
        }
      }
      Buffer expected = clean.attend();
      Buffer output = dirty.attend();
      for (int i = 0; i < 3 * 64; i++) {
        assertThat(output.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void headsThatDoNotFitTheRegistersAreRefusedBeforehand() {
    assertThat(AttentionKernel.mostHeads(64)).isEqualTo(4);
    assertThat(AttentionKernel.mostHeads(128)).isEqualTo(2);
    assertThat(AttentionKernel.mostHeads(512)).isZero();
  }

  private static final class Case {

    private final int heads;
    private final int d;
    private final int length;
    private final Arena arena;
    private final Buffer queries;
    private final Buffer keys;
    private final Buffer values;

    Case(int heads, int d, int length, Arena arena) {
      this.heads = heads;
      this.d = d;
      this.length = length;
      this.arena = arena;
      queries = Buffer.random(arena, heads * d, 0.5, 1);
      keys = bfloat16(2);
      values = bfloat16(3);
    }

    private Buffer bfloat16(long seed) {
      Buffer buffer = Buffer.ofBytes(arena, 2L * d * CAPACITY);
      Random random = new Random(seed);
      for (int i = 0; i < d * CAPACITY; i++) {
        buffer.putBfloat16(i, (float) random.nextGaussian());
      }
      return buffer;
    }

    Buffer attend() {
      Buffer output = Buffer.ofFloats(arena, heads * d);
      Buffer scores = Buffer.ofFloats(arena, heads * CAPACITY);
      new AttentionKernel(heads, d, arena)
          .attend(
              queries.address(),
              keys.address(),
              values.address(),
              length,
              scores.address(),
              output.address(),
              2L * CAPACITY);
      return output;
    }

    double[] expected(int head) {
      double[] weights = new double[length];
      for (int position = 0; position < length; position++) {
        for (int channel = 0; channel < d; channel++) {
          weights[position] +=
              (double) queries.get(head * d + channel)
                  * keys.getBfloat16(channel * CAPACITY + position);
        }
      }
      double largest = Arrays.stream(weights).max().orElseThrow();
      double sum = 0;
      double[] mean = new double[d];
      for (int position = 0; position < length; position++) {
        double weight = Math.exp(weights[position] - largest);
        sum += weight;
        for (int channel = 0; channel < d; channel++) {
          mean[channel] += weight * values.getBfloat16(position * d + channel);
        }
      }
      for (int channel = 0; channel < d; channel++) {
        mean[channel] /= sum;
      }
      return mean;
    }
  }
}
