package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedWeightsTests {

  private static final WeightsOrigin ORIGIN = new WeightsOrigin("a".repeat(64));

  @TempDir private Path store;
  private Path model;
  private Path file;
  private PreparedWeights prepared;

  @BeforeEach
  void prepare() {
    model = store.resolve("model");
    file = store.resolve(".prepared/model.int8");
    prepared = PreparedWeights.in(store);
  }

  @Test
  void givesBackWhatWasKept() throws IOException {
    prepared.write(model, ORIGIN, blocks(1, 2));
    List<ByteBuffer> read = blocks(0, 0);
    assertThat(prepared.read(model, ORIGIN, read)).isTrue();
    assertThat(read).isEqualTo(blocks(1, 2));
  }

  @Test
  void hasNothingAtFirst() throws IOException {
    assertThat(prepared.read(model, ORIGIN, blocks(0, 0))).isFalse();
    assertThat(file).doesNotExist();
  }

  @Test
  void countsAnotherOriginAsAbsentAndReplacesIt() throws IOException {
    WeightsOrigin newer = new WeightsOrigin("b".repeat(64));
    prepared.write(model, ORIGIN, blocks(1, 2));
    assertRefused(newer);
    prepared.write(model, newer, blocks(3, 4));
    List<ByteBuffer> read = blocks(0, 0);
    assertThat(prepared.read(model, newer, read)).isTrue();
    assertThat(read).isEqualTo(blocks(3, 4));
    assertRefused(ORIGIN);
  }

  @Test
  void countsWhatWasAlteredAsAbsent() throws IOException {
    prepared.write(model, ORIGIN, blocks(1, 2));
    try (RandomAccessFile altered = new RandomAccessFile(file.toFile(), "rw")) {
      altered.seek(altered.length() - 1);
      altered.write(77);
    }
    assertRefused(ORIGIN);
  }

  @Test
  void countsWhatWasCutOffAsAbsent() throws IOException {
    prepared.write(model, ORIGIN, blocks(1, 2));
    for (long size : new long[] {Files.size(file) - 1, 80, 10, 0}) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(size);
      }
      assertRefused(ORIGIN);
    }
  }

  @Test
  void continuesAfterAProcessThatWasKilled() throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file.resolveSibling("model.int8.part"), new byte[100_000]);
    prepared.write(model, ORIGIN, blocks(1, 2));
    assertThat(prepared.read(model, ORIGIN, blocks(0, 0))).isTrue();
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void leavesItToWhoeverIsWritingTheSame() throws IOException {
    Files.createDirectories(file.getParent());
    Path part = file.resolveSibling("model.int8.part");
    try (FileChannel channel =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      prepared.write(model, ORIGIN, blocks(1, 2));
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void tellsFoldersOutsideTheStoreFromThoseInIt() throws IOException {
    prepared.write(model, ORIGIN, blocks(1, 2));
    for (Path other : List.of(Path.of("/elsewhere/model"), Path.of("/somewhere/model"))) {
      assertThat(prepared.read(other, ORIGIN, blocks(0, 0))).isFalse();
      prepared.write(other, ORIGIN, blocks(3, 4));
    }
    List<ByteBuffer> read = blocks(0, 0);
    assertThat(prepared.read(model, ORIGIN, read)).isTrue();
    assertThat(read).isEqualTo(blocks(1, 2));
  }

  @Test
  void saysWhenThereIsNoPlaceToKeepThem() throws IOException {
    Files.writeString(store.resolve(".prepared"), "not a folder");
    assertThat(prepared.read(model, ORIGIN, blocks(0, 0))).isFalse();
    assertThatThrownBy(() -> prepared.write(model, ORIGIN, blocks(1, 2)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void keepsNothingWhereNothingIsToBeKept() throws IOException {
    PreparedWeights none = PreparedWeights.none();
    none.write(model, ORIGIN, blocks(1, 2));
    assertThat(none.read(model, ORIGIN, blocks(0, 0))).isFalse();
  }

  private void assertRefused(WeightsOrigin origin) throws IOException {
    List<ByteBuffer> read = blocks(0, 0);
    assertThat(prepared.read(model, origin, read)).isFalse();
    assertThat(read).isEqualTo(blocks(0, 0));
  }

  private static List<ByteBuffer> blocks(int first, int second) {
    return List.of(block(first, 5000), block(second, 3));
  }

  private static ByteBuffer block(int value, int bytes) {
    ByteBuffer block = ByteBuffer.allocateDirect(bytes);
    for (int i = 0; i < bytes; i++) {
      block.put(i, (byte) (value == 0 ? 0 : value + i));
    }
    return block;
  }
}
