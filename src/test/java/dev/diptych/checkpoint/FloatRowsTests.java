package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloatRowsTests {

  @TempDir private Path folder;

  private StoredTensor stored(ElementType type, List<Long> shape, ByteBuffer bytes)
      throws IOException {
    Path file = folder.resolve("some.safetensors");
    Files.write(
        file, ByteBuffer.allocate(3 + bytes.capacity()).put(3, bytes, 0, bytes.capacity()).array());
    return new StoredTensor("some", type, shape, file, 3, bytes.capacity());
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<float[]> rows(StoredTensor tensor) throws IOException {
    List<float[]> rows = new ArrayList<>();
    FloatRows.read(
        tensor,
        (row, values) -> {
          assertThat(row).isEqualTo(rows.size());
          rows.add(values.clone());
        });
    return rows;
  }

  @Test
  void readsEveryTypeOfFloatingPointNumbers() throws IOException {
    float[][] expected = {{1, -2.5f}, {0.25f, 3}};
    ByteBuffer f64 = bytes(32).putDouble(1).putDouble(-2.5).putDouble(0.25).putDouble(3);
    ByteBuffer f32 = bytes(16).putFloat(1).putFloat(-2.5f).putFloat(0.25f).putFloat(3);
    ByteBuffer f16 = bytes(8);
    ByteBuffer bf16 = bytes(8);
    for (float[] row : expected) {
      for (float value : row) {
        f16.putShort(Float.floatToFloat16(value));
        bf16.putShort((short) (Float.floatToRawIntBits(value) >> 16));
      }
    }
    List<Long> shape = List.of(2L, 2L);
    assertThat(rows(stored(ElementType.F64, shape, f64))).containsExactly(expected);
    assertThat(rows(stored(ElementType.F32, shape, f32))).containsExactly(expected);
    assertThat(rows(stored(ElementType.F16, shape, f16))).containsExactly(expected);
    assertThat(rows(stored(ElementType.BF16, shape, bf16))).containsExactly(expected);
  }

  @Test
  void aVectorIsOneRow() throws IOException {
    assertThat(rows(stored(ElementType.F32, List.of(2L), bytes(8).putFloat(1).putFloat(2))))
        .containsExactly(new float[] {1, 2});
  }

  @Test
  void refusesWhatIsNotRowsOfNumbers() throws IOException {
    assertThatThrownBy(() -> rows(stored(ElementType.I32, List.of(2L), bytes(8))))
        .isInstanceOf(InvalidCheckpoint.class)
        .hasMessageContaining("'some'")
        .hasMessageContaining("I32");
    assertThatThrownBy(() -> rows(stored(ElementType.F32, List.of(1L, 1L, 2L), bytes(8))))
        .isInstanceOf(InvalidCheckpoint.class)
        .hasMessageContaining("[1, 1, 2]");
    assertThatThrownBy(() -> rows(stored(ElementType.F32, List.of(), bytes(4))))
        .isInstanceOf(InvalidCheckpoint.class);
  }
}
