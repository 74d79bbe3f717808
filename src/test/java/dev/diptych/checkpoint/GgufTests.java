package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTests {

  private static final int F32 = GgmlType.F32.id();

  @TempDir Path folder;

  private void assertRefused(byte[] bytes, String... parts) throws IOException {
    Path file = Files.write(folder.resolve("model.gguf"), bytes);
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> Gguf.read(file, _ -> true))
        .withMessageContainingAll(parts);
  }

  private void assertRefused(GgufFile file, String... parts) throws IOException {
    assertRefused(file.toArray(), parts);
  }

  private static LittleEndianBytes header(int version, long tensors, long metadata) {
    return new LittleEndianBytes().int32(0x46554747).int32(version).int64(tensors).int64(metadata);
  }

  @Test
  void readsMetadataAndTensors() throws IOException {
    Path file =
        new GgufFile()
            .text("a.text", "naïve")
            .whole("a.whole", 7)
            .real("a.real", 1e-5f)
            .flag("a.flag", true)
            .texts("a.texts", List.of("x", ""))
            .wholes("a.wholes", 3, -1)
            .tensor("t", GgmlType.F32, LittleEndianBytes.floats(1, 2, 3, 4, 5, 6), 2, 3)
            .tensor("q", GgmlType.Q8_0, new byte[34], 32)
            .write(folder.resolve("model.gguf"));

    Gguf gguf = Gguf.read(file, _ -> true);
    GgufMetadata metadata = gguf.metadata();
    assertThat(metadata.text("a.text")).isEqualTo("naïve");
    assertThat(metadata.count("a.whole")).isEqualTo(7);
    assertThat(metadata.positive("a.real")).isEqualTo(1e-5);
    assertThat(metadata.optionalFlag("a.flag")).contains(true);
    assertThat(metadata.texts("a.texts")).containsExactly("x", "");
    assertThat(metadata.integers("a.wholes")).containsExactly(3, -1);
    assertThat(metadata.optionalText("a.none")).isEmpty();
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> metadata.count("a.text"))
        .withMessageContainingAll("a.text", "naïve", "integer");
    assertThat(gguf.tensors().values())
        .extracting(StoredTensor::name, StoredTensor::shape, StoredTensor::byteLength)
        .containsExactly(tuple("t", List.of(2L, 3L), 24L), tuple("q", List.of(32L), 34L));
  }

  @Test
  void passesOverMetadataThatNobodyWants() throws IOException {
    Path file =
        new GgufFile()
            .texts("skip.texts", List.of("x", "y"))
            .reals("skip.reals", 1, 2, 3)
            .whole("keep", 7)
            .flag("skip.flag", true)
            .text("skip.text", "naïve")
            .tensor("t", GgmlType.BF16, new byte[4], 2)
            .write(folder.resolve("model.gguf"));

    Gguf gguf = Gguf.read(file, key -> !key.startsWith("skip"));

    assertThat(gguf.metadata().keys()).containsExactly("keep");
    assertThat(gguf.tensors().values())
        .extracting(StoredTensor::type)
        .containsExactly(ElementType.BF16);
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] whole =
        new GgufFile()
            .text("k", "v")
            .texts("l", List.of("a", "b"))
            .tensor("t", GgmlType.F32, new byte[32], 8)
            .toArray();
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length), "model.gguf");
    }
  }

  @Test
  void refusesOtherFilesAndVersions() throws IOException {
    assertRefused("PK\3\4 something else".getBytes(StandardCharsets.US_ASCII), "GGUF");
    assertRefused(header(1, 0, 0).toArray(), "version 1");
    assertRefused(header(4, 0, 0).toArray(), "version 4");
    assertRefused(header(0x03000000, 0, 0).toArray(), "little-endian");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MAX_VALUE, 100_001})
  void refusesHugeCounts(long count) throws IOException {
    assertRefused(header(3, count, 0).toArray(), "tensors", Long.toUnsignedString(count));
    assertRefused(header(3, 0, count).toArray(), "metadata", Long.toUnsignedString(count));
    assertRefused(header(3, 0, 1).int64(count).toArray(), "length");
    assertRefused(header(3, 0, 1).string("k").int32(8).int64(count).toArray(), "length", "'k'");
    assertRefused(
        header(3, 0, 1).string("k").int32(9).int32(0).int64(count).toArray(), "length", "'k'");
  }

  @Test
  void refusesNestedArraysAndUnknownTypes() throws IOException {
    LittleEndianBytes nested = new LittleEndianBytes();
    for (int i = 0; i < 100; i++) {
      nested.int32(9).int64(1);
    }
    assertRefused(new GgufFile().entry("k", 9, nested), "deeper than 4");
    assertRefused(new GgufFile().entry("k", 13, new LittleEndianBytes()), "unknown type 13");
    assertRefused(new GgufFile().entry("k", 7, new LittleEndianBytes().int8(2)), "boolean 2");
    assertRefused(
        new GgufFile().entry("k", 8, new LittleEndianBytes().int64(1).int8(0xff)), "UTF-8");
  }

  @Test
  void refusesDuplicates() throws IOException {
    assertRefused(new GgufFile().whole("k", 1).whole("k", 2), "'k'", "twice");
    assertRefused(
        new GgufFile()
            .tensor("t", GgmlType.F32, new byte[4], 1)
            .tensor("t", GgmlType.F32, new byte[4], 1),
        "'t'",
        "twice");
  }

  @Test
  void refusesTensorsThatAreNotWhereTheyCanBe() throws IOException {
    assertRefused(new GgufFile().info("t", F32, 0, 1), "'t'", "beyond");
    assertRefused(new GgufFile().info("t", F32, Long.MAX_VALUE - 31, 1), "'t'", "offset");
    assertRefused(new GgufFile().info("t", F32, 4, 1), "'t'", "alignment");
    assertRefused(new GgufFile().info("t", F32, -32, 1), "offset", "'t'");
    assertRefused(
        new GgufFile().tensor("a", GgmlType.F32, new byte[64], 16).info("b", F32, 32, 8),
        "'b'",
        "overlaps",
        "'a'");
    assertRefused(new GgufFile().whole("general.alignment", 24), "alignment", "24");
  }

  @Test
  void refusesTensorsOfImpossibleShapes() throws IOException {
    assertRefused(new GgufFile().info("t", F32, 0), "0 dimensions");
    assertRefused(new GgufFile().info("t", F32, 0, 1, 1, 1, 1, 1), "5 dimensions");
    assertRefused(new GgufFile().info("t", F32, 0, 1L << 62, 1L << 62), "larger than any file");
    assertRefused(new GgufFile().info("t", F32, 0, 1L << 62), "larger than any file");
    assertRefused(new GgufFile().info("t", F32, 0, -1), "extent of tensor 't'");
    assertRefused(new GgufFile().info("t", GgmlType.Q4_0.id(), 0, 2, 33), "33", "32");
  }

  @Test
  void refusesOtherTypesByName() throws IOException {
    assertRefused(new GgufFile().info("t", 16, 0, 256), "'t'", "type IQ2_XXS", "Q4_K");
    assertRefused(new GgufFile().info("t", 29, 0, 256), "type IQ1_M");
    assertRefused(new GgufFile().info("t", 21, 0, 256), "type IQ3_S");
    assertRefused(new GgufFile().info("t", 35, 0, 256), "type TQ2_0");
    assertRefused(new GgufFile().info("t", 40, 0, 256), "type NVFP4");
    assertRefused(new GgufFile().info("t", 24, 0, 256), "type I8");
    assertRefused(new GgufFile().info("t", -5, 0, 256), "type 4294967291");
  }

  @Test
  void refusesAHeaderThatWouldFillTheHeap() throws IOException {
    LittleEndianBytes emptyTexts =
        new LittleEndianBytes().int32(8).int64(3_000_000).raw(new byte[3_000_000 * Long.BYTES]);
    Path file = new GgufFile().entry("tokens", 9, emptyTexts).write(folder.resolve("model.gguf"));

    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> Gguf.read(file, _ -> true))
        .withMessageContainingAll("tokens", "larger than", "in memory");
  }
}
