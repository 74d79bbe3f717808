package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code dequantised.json} holds random blocks and what ggml's own Python package makes of them.
 */
class GgmlTypeTests {

  private static final Path RECORDED = Path.of("src/test/resources/ggml/dequantised.json");

  @ParameterizedTest
  @EnumSource(
      value = GgmlType.class,
      mode = Mode.EXCLUDE,
      names = {"F32", "Q8_1", "Q8_K"})
  void agreesWithGgml(GgmlType type) throws IOException {
    JsonNode recorded = JsonMapper.shared().readTree(Files.readAllBytes(RECORDED)).get(type.name());
    byte[] blocks = HexFormat.of().parseHex(recorded.get("blocks").asString());
    byte[] values = HexFormat.of().parseHex(recorded.get("values").asString());
    float[] expected = new float[values.length / Float.BYTES];
    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(expected);
    assertThat(blocks.length * type.blockElements()).isEqualTo(expected.length * type.blockBytes());

    float[] actual = new float[expected.length + 2];
    type.dequantize(blocks, 0, actual, 1, expected.length);

    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i + 1]).as("element %d", i).isEqualTo(expected[i]); // to the last bit
    }
    assertThat(actual[0]).isZero();
    assertThat(actual[actual.length - 1]).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = GgmlType.class,
      names = {"Q8_1", "Q8_K"})
  void takesWholeBytesTimesOneScale(GgmlType type) {
    LittleEndianBytes blocks = new LittleEndianBytes();
    float[] expected = new float[2 * type.blockElements()];
    for (int block = 0; block < 2; block++) {
      float d = block == 0 ? 0.5f : -0.25f;
      if (type == GgmlType.Q8_K) {
        blocks.float32(d);
      } else {
        blocks.int16(Float.floatToFloat16(d)).int16(77);
      }
      for (int i = 0; i < type.blockElements(); i++) {
        blocks.int8(7 * i);
        expected[block * type.blockElements() + i] = d * (byte) (7 * i);
      }
      int sums = type.blockBytes() * (block + 1) - blocks.size();
      blocks.raw(new byte[sums]);
    }
    float[] actual = new float[expected.length];

    type.dequantize(blocks.toArray(), 0, actual, 0, actual.length);

    assertThat(actual).containsExactly(expected);
  }

  @Test
  void copiesFloatsAtAnyAddress() {
    byte[] bytes =
        new LittleEndianBytes().int8(9).raw(LittleEndianBytes.floats(1.5f, -0f, 3e38f)).toArray();
    float[] actual = new float[3];

    GgmlType.F32.dequantize(bytes, 1, actual, 0, 3);

    assertThat(actual).containsExactly(1.5f, -0f, 3e38f);
  }

  @Test
  void keepsTheFirstHalfOfABlockInTheLowNibbles() {
    LittleEndianBytes block = new LittleEndianBytes();
    block.int8(0x00).int8(0x3c); // 1 as a half
    block.int8(0x00).int8(0xc0); // -2 as a half
    for (int i = 0; i < 16; i++) {
      block.int8(((15 - i) << 4) | i);
    }
    float[] actual = new float[32];

    GgmlType.Q4_1.dequantize(block.toArray(), 0, actual, 0, 32);

    for (int i = 0; i < 16; i++) {
      assertThat(actual[i]).isEqualTo(i - 2);
      assertThat(actual[16 + i]).isEqualTo(15 - i - 2);
    }
  }

  @Test
  void findsTypesByTheirNumbers() {
    for (GgmlType type : GgmlType.values()) {
      assertThat(GgmlType.of(type.id())).contains(type);
    }
    assertThat(GgmlType.of(4)).isEmpty();
  }
}
