package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledIf("dev.diptych.kernel.Vnni#isHere")
class AttentionKernelTests {

  private static final int BLOCKS = 10;

  /* Values are about 1, and weights have 8 bits. */
  private static final Offset<Double> ROUNDING = Offset.offset(0.01);

  @ParameterizedTest
  @MethodSource
  void eachQuerysAnswerIsTheMeanOfValuesWeightedBySoftmax(
      PairProducts products, boolean causal, int tokens, int heads, int d, int length)
      throws Exception {
    assumeProducts(products);
    try (Arena arena = Arena.ofConfined()) {
      Case attention = new Case(tokens, heads, d, arena);
      Buffer output = attention.attend(products, causal, length);
      for (int token = 0; token < tokens; token++) {
        for (int head = 0; head < heads; head++) {
          double[] expected = attention.expected(token, head, length + (causal ? token : 0));
          for (int i = 0; i < d; i++) {
            assertThat((double) output.get((token * heads + head) * d + i))
                .as("channel %d of head %d of token %d", i, head, token)
                .isCloseTo(expected[i], ROUNDING);
          }
        }
      }
    }
  }

  static Stream<Arguments> eachQuerysAnswerIsTheMeanOfValuesWeightedBySoftmax() {
    int[][] shapes = {
      {1, 3, 64, 1},
      {1, 3, 64, 31},
      {1, 3, 64, 32},
      {1, 3, 64, 33},
      {1, 3, 64, 256},
      {1, 3, 64, 300},
      {4, 3, 64, 1},
      {4, 3, 64, 29},
      {4, 3, 64, 30},
      {4, 3, 64, 32},
      {3, 3, 64, 255},
      {12, 1, 32, 77},
      {7, 1, 64, 128},
      {1, 12, 16, 48},
      {2, 5, 48, 20},
      {1, 2, 128, 65},
      {4, 1, 256, 100}
    };
    return Arrays.stream(PairProducts.values())
        .flatMap(
            products ->
                Stream.of(true, false)
                    .flatMap(
                        causal ->
                            Arrays.stream(shapes)
                                .map(s -> Arguments.of(products, causal, s[0], s[1], s[2], s[3]))));
  }

  @ParameterizedTest
  @EnumSource
  void aTokenGetsBitForBitTheSameAloneAndWithOthers(PairProducts products) throws Exception {
    assumeProducts(products);
    for (int length : new int[] {1, 30, 31, 32, 61, 200}) {
      try (Arena arena = Arena.ofConfined()) {
        Buffer together = new Case(4, 3, 64, arena).attend(products, true, length);
        for (int token = 0; token < 4; token++) {
          Case one = new Case(4, 3, 64, arena).only(token);
          Buffer alone = one.attend(products, true, length + token);
          for (int i = 0; i < 3 * 64; i++) {
            assertThat(together.get(token * 3 * 64 + i)).isEqualTo(alone.get(i));
          }
        }
      }
    }
  }

  /** Keys that earlier sequences left behind a sequence, such as numbers that are none. */
  @ParameterizedTest
  @EnumSource
  void noKeyBehindATokenIsSeen(PairProducts products) throws Exception {
    assumeProducts(products);
    try (Arena arena = Arena.ofConfined()) {
      Case clean = new Case(1, 3, 64, arena);
      Case dirty = new Case(1, 3, 64, arena);
      for (int position = 37; position < BLOCKS * KeyValueCache.POSITIONS; position++) {
        for (int channel = 0; channel < 64; channel++) {
          dirty.cached.putBfloat16(dirty.key(position, channel), Float.NaN);
        }
      }
      Buffer expected = clean.attend(products, true, 37);
      Buffer output = dirty.attend(products, true, 37);
      for (int i = 0; i < 3 * 64; i++) {
        assertThat(output.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void asManyTokensAttendTogetherAsRegistersAllow() {
    assertThat(AttentionKernel.mostHeads(PairProducts.BFLOAT16)).isEqualTo(12);
    assertThat(AttentionKernel.mostCausalTokens(3, PairProducts.BFLOAT16)).isEqualTo(4);
    assertThat(AttentionKernel.mostCausalTokens(5, PairProducts.BFLOAT16)).isEqualTo(2);
    assertThat(AttentionKernel.mostCausalTokens(12, PairProducts.BFLOAT16)).isEqualTo(1);
  }

  private static void assumeProducts(PairProducts products) throws Exception {
    assumeTrue(
        products == PairProducts.FLOAT32 || Vnni.hasBfloat16(), "this CPU has no AVX512-BF16");
  }

  private static final class Case {

    private int tokens;
    private final int heads;
    private final int d;
    private final Arena arena;
    private final Buffer queries;
    private final Buffer cached;
    private int firstToken;

    Case(int tokens, int heads, int d, Arena arena) {
      this.tokens = tokens;
      this.heads = heads;
      this.d = d;
      this.arena = arena;
      Random random = new Random(1);
      queries = Buffer.ofFloats(arena, tokens * heads * d);
      for (int query = 0; query < tokens * heads; query++) {
        for (int channel = 0; channel < d; channel++) {
          queries.putBfloat16(2 * query * d + channel, (float) (0.3 * random.nextGaussian()));
        }
      }
      cached = Buffer.ofBytes(arena, 2L * BLOCKS * KeyValueCache.halfBytes(d));
      for (int i = 0; i < 2 * BLOCKS * KeyValueCache.POSITIONS * d; i++) {
        cached.putBfloat16(i, (float) random.nextGaussian());
      }
    }

    Case only(int token) {
      firstToken = token;
      tokens = 1;
      return this;
    }

    Buffer attend(PairProducts products, boolean causal, int length) {
      Buffer output = Buffer.ofFloats(arena, tokens * heads * d);
      Buffer scores = Buffer.ofFloats(arena, tokens * heads * BLOCKS * KeyValueCache.POSITIONS);
      int stride = heads * d * Float.BYTES;
      new AttentionKernel(tokens, heads, d, stride, stride, causal, products, arena)
          .attend(
              queries.address((long) firstToken * stride),
              cached.address(),
              length,
              scores.address(),
              output.address());
      return output;
    }

    int key(int position, int channel) {
      int first = position / 32 * 2 * 32 * d;
      return first + channel / 2 * 2 * 32 + position % 32 * 2 + channel % 2;
    }

    int value(int position, int channel) {
      int first = (position / 32 * 2 + 1) * 32 * d;
      return first + position % 32 / 2 * 2 * d + channel * 2 + position % 2;
    }

    double[] expected(int token, int head, int length) {
      double[] weights = new double[length];
      for (int position = 0; position < length; position++) {
        for (int channel = 0; channel < d; channel++) {
          weights[position] +=
              (double) queries.getBfloat16(2 * (token * heads + head) * d + channel)
                  * cached.getBfloat16(key(position, channel));
        }
      }
      double largest = Arrays.stream(weights).max().orElseThrow();
      double sum = 0;
      double[] mean = new double[d];
      for (int position = 0; position < length; position++) {
        double weight = Math.exp(weights[position] - largest);
        sum += weight;
        for (int channel = 0; channel < d; channel++) {
          mean[channel] += weight * cached.getBfloat16(value(position, channel));
        }
      }
      for (int channel = 0; channel < d; channel++) {
        mean[channel] /= sum;
      }
      return mean;
    }
  }
}
