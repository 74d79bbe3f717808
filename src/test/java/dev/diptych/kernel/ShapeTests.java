package dev.diptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes of which the kernels would compute only a part are refused. */
class ShapeTests {

  @ParameterizedTest
  @CsvSource({
    "12, 384, 1536, true",
    "2, 32, 96, true",
    "2, 48, 96, false",
    "2, 64, 80, false",
    "4, 32, 96, false",
    "3, 64, 96, false"
  })
  void anEncodersWidthsAreWholeBlocks(int heads, int hidden, int intermediate, boolean supported) {
    EncoderShape shape =
        new EncoderShape(1, heads, hidden, intermediate, 100, 64, 0, 1, 1e-12, true);
    assertThat(shape.isSupported()).isEqualTo(supported);
  }

  @ParameterizedTest
  @CsvSource({
    "9, 3, 64, 576, 1536, true",
    "2, 1, 16, 48, 32, true",
    "2, 1, 16, 40, 32, false",
    "2, 1, 16, 48, 48, false",
    "2, 1, 24, 48, 32, false",
    "3, 2, 16, 48, 32, false"
  })
  void aDecodersWidthsAreWholeBlocks(
      int heads,
      int keyValueHeads,
      int headDimension,
      int hidden,
      int intermediate,
      boolean supported) {
    DecoderShape shape =
        new DecoderShape(
            1,
            heads,
            keyValueHeads,
            headDimension,
            hidden,
            intermediate,
            100,
            64,
            1e-5,
            new float[headDimension / 2]);
    assertThat(shape.isSupported()).isEqualTo(supported);
  }
}
