package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes that the kernels take have displacements, strides and sums that fit 32 bits. */
class ShapeLimitsTests {

  private static final int[] SIZES = {
    0, 1, 2, 16, 32, 96, 1024, 2048, 65_536, 131_072, 131_104, 1 << 20, 1 << 24, Integer.MAX_VALUE
  };
  private static final long SHAPES = 200_000;

  private static int size(Random random) {
    return SIZES[random.nextInt(SIZES.length)];
  }

  private static DecoderShape decoder(
      int heads, int keyValueHeads, int headDimension, int hidden, int intermediate) {
    return new DecoderShape(
        1, heads, keyValueHeads, headDimension, hidden, intermediate, 100, 64, 1e-5, new float[0]);
  }

  private static void fitsInt(long... factors) {
    BigInteger product = BigInteger.ONE;
    for (long factor : factors) {
      product = product.multiply(BigInteger.valueOf(factor));
    }
    assertThat(product).isLessThanOrEqualTo(BigInteger.valueOf(Integer.MAX_VALUE));
  }

  private static void takes(Linear linear) {
    fitsInt(15, 4, linear.outputs());
    fitsInt(16, linear.inputs());
    fitsInt(127 * 128, linear.inputs());
    assertThat(linear.bytes()).isPositive();
  }

  @Test
  void everyDecoderShapeThatIsTakenFits() {
    Random random = new Random(20);
    long taken = 0;
    for (long i = 0; i < SHAPES; i++) {
      int heads = 1 + size(random) / 2;
      int keyValueHeads = random.nextBoolean() ? heads : 1 + size(random) / 4;
      DecoderShape shape = decoder(heads, keyValueHeads, size(random), size(random), size(random));
      if (shape.isSupported()) {
        taken++;
        shape.layer().forEach(ShapeLimitsTests::takes);
        fitsInt(128, 4, shape.headDimension(), 16);
        assertThat(DecoderWeights.blockBytes(shape)).allSatisfy(b -> assertThat(b).isPositive());
      }
    }
    assertThat(taken).isGreaterThan(100);
  }

  @Test
  void everyEncoderShapeThatIsTakenFits() {
    Random random = new Random(20);
    long taken = 0;
    for (long i = 0; i < SHAPES; i++) {
      EncoderShape shape =
          new EncoderShape(1, size(random), size(random), size(random), 100, 64, 0, 1, 1e-12, true);
      if (shape.isSupported()) {
        taken++;
        Stream.concat(shape.layer().stream(), Stream.of(shape.head()))
            .forEach(ShapeLimitsTests::takes);
        assertThat(EncoderWeights.blockBytes(shape)).allSatisfy(b -> assertThat(b).isPositive());
      }
    }
    assertThat(taken).isGreaterThan(100);
  }

  @ParameterizedTest
  @CsvSource({"131072, 131072, 96", "4096, 1, 1024", "8, 8, 2048", "65536, 65536, 65536"})
  void headsWhoseRowsAreTooLongAreNotTaken(int heads, int keyValueHeads, int headDimension) {
    assertThat(decoder(heads, keyValueHeads, headDimension, 32, 32).isSupported()).isFalse();
  }

  @Test
  void aKernelThatCouldReachElsewhereIsNotMade() {
    try (Arena arena = Arena.ofConfined()) {
      for (List<Integer> sizes :
          List.of(List.of(32, Integer.MAX_VALUE / 16 + 1), List.of(1 << 18, 64))) {
        assertThatIllegalArgumentException()
            .isThrownBy(
                () ->
                    new LinearKernel(
                        sizes.getFirst(), 16, sizes.getLast(), LinearKernel.Output.PLAIN, arena));
      }
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new AttentionKernel(
                      1, 1, 64, Integer.MAX_VALUE / 8, 64, true, PairProducts.FLOAT32, arena));
    }
  }
}
