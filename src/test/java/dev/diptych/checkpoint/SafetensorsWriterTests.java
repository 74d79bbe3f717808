package dev.diptych.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTests {

  @TempDir Path folder;

  private static Declaration declare(String name, ElementType type, Long... shape) {
    return new Declaration(name, type, List.of(shape));
  }

  @Test
  void writesWhatTheReaderReads() throws IOException {
    Path file = folder.resolve("a.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file,
            List.of(
                declare("floats", ElementType.F32, 2L, 1L),
                declare("none", ElementType.F32, 0L),
                declare("byte\"s", ElementType.U8, 3L)))) {
      assertThat(writer.totalBytes()).isEqualTo(11);
      ByteBuffer floats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      floats.putFloat(1.5f).putFloat(-2f).flip();
      writer.append("floats", floats.slice(0, 3));
      writer.append("floats", floats.slice(3, 5));
      writer.append("byte\"s", ByteBuffer.wrap(new byte[] {1, 2, 3}));
      writer.finish();
    }

    Map<String, StoredTensor> tensors = Safetensors.read(file);

    assertThat(tensors).containsOnlyKeys("floats", "none", "byte\"s");
    byte[] bytes = Files.readAllBytes(file);
    StoredTensor floats = requireNonNull(tensors.get("floats"));
    assertThat(floats.shape()).containsExactly(2L, 1L);
    assertThat(floats.fileOffset() % 8).isZero();
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(data.getFloat((int) floats.fileOffset())).isEqualTo(1.5f);
    assertThat(data.getFloat((int) floats.fileOffset() + 4)).isEqualTo(-2f);
    int last = (int) requireNonNull(tensors.get("byte\"s")).fileOffset();
    assertThat(Arrays.copyOfRange(bytes, last, last + 3)).containsExactly(1, 2, 3);
  }

  @Test
  void refusesTensorsOutOfOrderAndBytesBeyondTheEnd() throws IOException {
    List<Declaration> tensors =
        List.of(declare("a", ElementType.F32, 1L), declare("b", ElementType.F32, 1L));
    try (SafetensorsWriter writer = SafetensorsWriter.create(folder.resolve("b"), tensors)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.append("b", ByteBuffer.allocate(4)))
          .withMessageContaining("'b'");
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.append("a", ByteBuffer.allocate(5)))
          .withMessageContaining("room for 4");
      assertThatIllegalStateException()
          .isThrownBy(writer::finish)
          .withMessageContaining("lacks 4 bytes");
    }
  }

  @Test
  void refusesDeclarationsThatMakeABrokenFile() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SafetensorsWriter.create(
                    folder.resolve("c"),
                    List.of(declare("a", ElementType.U8, 1L), declare("b", ElementType.F32, 1L))))
        .withMessageContaining("aligned");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SafetensorsWriter.create(
                    folder.resolve("d"),
                    List.of(declare("a", ElementType.U8, 1L), declare("a", ElementType.U8, 1L))))
        .withMessageContaining("twice");
    assertThat(folder).isEmptyDirectory();
  }
}
