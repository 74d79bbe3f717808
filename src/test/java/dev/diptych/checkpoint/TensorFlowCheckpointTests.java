package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowCheckpointTests {

  private static final int FLOAT = 1;
  private static final int STRING = 7;

  @TempDir Path folder;

  private void assertRefused(Path index, String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                TensorFlowCheckpoint.open(index, arena);
              }
            })
        .withMessageContainingAll(parts);
  }

  private void assertRefused(TensorFlowBundle bundle, String... parts) throws IOException {
    assertRefused(bundle.write(folder, "model.ckpt"), parts);
  }

  @Test
  void readsTensorsAndLeavesOutStrings() throws IOException {
    Path index =
        new TensorFlowBundle()
            .tensor("a/kernel", FLOAT, LittleEndianBytes.floats(1, 2, 3, 4, 5, 6), 2, 3)
            .tensor("a/name", STRING, new byte[3])
            .tensor("a/step", 9, new byte[8])
            .write(folder, "model.ckpt");

    try (Arena arena = Arena.ofConfined()) {
      TensorFlowCheckpoint checkpoint = TensorFlowCheckpoint.open(index, arena);
      assertThat(checkpoint.tensors().values())
          .extracting(StoredTensor::name, StoredTensor::type, StoredTensor::shape)
          .containsExactly(
              tuple("a/kernel", ElementType.F32, List.of(2L, 3L)),
              tuple("a/step", ElementType.I64, List.of()));
      assertThat(checkpoint.bytes("a/kernel").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
          .containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void refusesEveryTruncationAndEveryChangedByte() throws IOException {
    byte[] bytes =
        new TensorFlowBundle()
            .tensor("a", FLOAT, new byte[4], 1)
            .tensor("b", FLOAT, new byte[4], 1)
            .index();
    Files.write(folder.resolve("model.ckpt.data-00000-of-00001"), new byte[8]);
    Path index = folder.resolve("model.ckpt.index");
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(Files.write(index, Arrays.copyOf(bytes, length)), "model.ckpt.index");
    }
    for (int i = 0; i < bytes.length - 48; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x41;
      assertRefused(Files.write(index, changed), "checksum");
    }
  }

  @Test
  void refusesATensorWhoseBytesFailTheirChecksum() throws IOException {
    Path index =
        new TensorFlowBundle()
            .described("a", FLOAT, 0, 4, 12345, 1)
            .data(new byte[4])
            .write(folder, "model.ckpt");

    try (Arena arena = Arena.ofConfined()) {
      TensorFlowCheckpoint checkpoint = TensorFlowCheckpoint.open(index, arena);
      assertThatExceptionOfType(InvalidCheckpoint.class)
          .isThrownBy(() -> checkpoint.bytes("a"))
          .withMessageContainingAll("'a'", "checksum");
    }
  }

  @Test
  void refusesCompressedBlocks() throws IOException {
    assertRefused(new TensorFlowBundle().compression(1), "compressed");
  }

  @Test
  void refusesABrokenHeader() throws IOException {
    assertRefused(
        new TensorFlowBundle().entry("", new byte[] {0x08, 0x01, 0x10, 0x01}), "big-endian");
    assertRefused(new TensorFlowBundle().entry("", new byte[] {0x08, 0x00}), "0 shards");
    assertRefused(
        new TensorFlowBundle()
            .entry("", new LittleEndianBytes().int8(0x08).varint(1_000_000).toArray()),
        "1000000 shards");
  }

  @Test
  void refusesMalformedEntries() throws IOException {
    assertRefused(new TensorFlowBundle().entry("a", new byte[] {(byte) 0x80}), "number");
    assertRefused(
        new TensorFlowBundle().entry("a", new byte[] {0x12, 0x7f, 0}), "127 bytes", "1 are left");
    assertRefused(new TensorFlowBundle().entry("a", new byte[] {0x0d, 1, 2, 3, 4}), "wire type 5");
    assertRefused(new TensorFlowBundle().entry("a", new byte[] {0x3a, 0}), "'a'", "slices");
    assertRefused(new TensorFlowBundle().entry("a", new byte[] {0x43, 0}), "wire type 3");
  }

  @Test
  void refusesTensorsThatAreNotWhereTheyCanBe() throws IOException {
    assertRefused(new TensorFlowBundle().described("a", FLOAT, 0, 4, 0, 1), "'a'", "beyond");
    assertRefused(
        new TensorFlowBundle().described("a", FLOAT, Long.MAX_VALUE, 4, 0, 1), "'a'", "beyond");
    assertRefused(new TensorFlowBundle().described("a", FLOAT, -1, 4, 0, 1), "'a'", "offset -1");
    assertRefused(new TensorFlowBundle().described("a", FLOAT, 0, 5, 0, 1), "'a'", "5 bytes");
    assertRefused(
        new TensorFlowBundle().described("a", FLOAT, 0, 4, 0, 1L << 40, 1L << 40), "larger");
    assertRefused(new TensorFlowBundle().described("a", FLOAT, 0, 4, 0, -1), "negative");
    assertRefused(
        new TensorFlowBundle()
            .described("a", FLOAT, 0, 8, 0, 2)
            .described("b", FLOAT, 4, 8, 0, 2)
            .data(new byte[12]),
        "overlaps");
  }

  @Test
  void refusesAMissingDataFile() throws IOException {
    Path index =
        new TensorFlowBundle().tensor("a", FLOAT, new byte[4], 1).write(folder, "model.ckpt");
    Files.delete(folder.resolve("model.ckpt.data-00000-of-00001"));

    assertRefused(index, "missing file", "data-00000-of-00001");
  }
}
