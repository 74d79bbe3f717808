package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorReaderTests {

  private static final GgmlType TYPE = GgmlType.Q4_0;

  @TempDir Path folder;

  private final byte[] blocks = randomBlocks(3 * TensorReader.PIECE + 96);

  private static byte[] randomBlocks(int elements) {
    byte[] bytes = new byte[(int) TYPE.bytes(elements)];
    new Random(7).nextBytes(bytes);
    for (int i = 0; i < bytes.length; i += TYPE.blockBytes()) {
      bytes[i + 1] = 0x2c; // a scale of about 0.1
    }
    return bytes;
  }

  private StoredTensor tensor() throws IOException {
    int elements = 3 * TensorReader.PIECE + 96;
    Path file =
        new GgufFile()
            .floats("before", new float[] {1}, 1)
            .tensor("t", TYPE, blocks, elements / 32, 32)
            .write(folder.resolve("model.gguf"));
    return Objects.requireNonNull(GgufModel.read(file).tensors().get("t"));
  }

  private static float[] read(StoredTensor tensor, long first, int count) throws IOException {
    ByteBuffer memory = ByteBuffer.allocateDirect((count + 2) * Float.BYTES);
    memory.position(Float.BYTES).limit((count + 1) * Float.BYTES);
    try (TensorReader reader = TensorReader.open(tensor)) {
      reader.read(first, memory);
    }
    float[] values = new float[count + 2];
    memory.clear().order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
    assertThat(values[0]).as("before the memory").isZero();
    assertThat(values[count + 1]).as("behind the memory").isZero();
    return Arrays.copyOfRange(values, 1, count + 1);
  }

  @Test
  void readsAWholeTensorInPieces() throws IOException {
    StoredTensor tensor = tensor();
    float[] expected = new float[(int) tensor.elements()];
    TYPE.dequantize(blocks, 0, expected, 0, expected.length);

    assertThat(tensor.isQuantised()).isTrue();
    assertThat(read(tensor, 0, expected.length)).containsExactly(expected);
  }

  @Test
  void readsSomeElementsFromAnyBlockOn() throws IOException {
    float[] expected = new float[64];
    int first = TensorReader.PIECE - 32;
    TYPE.dequantize(blocks, (int) TYPE.bytes(first), expected, 0, 64);

    assertThat(read(tensor(), first, 64)).containsExactly(expected);
  }

  @Test
  void refusesPartsOfBlocks() throws IOException {
    StoredTensor tensor = tensor();

    assertThatIllegalArgumentException().isThrownBy(() -> read(tensor, 16, 32));
    assertThatIllegalArgumentException().isThrownBy(() -> read(tensor, 0, 48));
  }

  @Test
  void noticesAFileThatShrank() throws IOException {
    StoredTensor tensor = tensor();
    try (FileChannel file = FileChannel.open(tensor.file(), StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 2);
    }

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(tensor, 0, (int) tensor.elements()))
        .withMessageContaining("shrank");
  }

  @Test
  void readsPlainTensorsAsTheyAre() throws IOException {
    Path file =
        new GgufFile()
            .floats("plain", new float[] {1, 2, 3, 4}, 4)
            .write(folder.resolve("plain.gguf"));
    StoredTensor plain = Objects.requireNonNull(GgufModel.read(file).tensors().get("plain"));

    assertThat(plain.isQuantised()).isFalse();
    assertThat(read(plain, 1, 2)).containsExactly(2, 3);
  }
}
