package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTests {

  @TempDir Path folder;

  /** A file with the header as it stands and that many bytes of data. */
  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("model.safetensors"), bytes.array());
  }

  /** The header, blanks appended, so that data begins at a multiple of eight. */
  private static String padded(String header) {
    return header + " ".repeat(Math.floorMod(-header.length(), 8));
  }

  private static String tensor(String type, String shape, String offsets) {
    return padded(
        "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
            .formatted(type, shape, offsets));
  }

  private void assertRefused(Path file, String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> Safetensors.read(file))
        .withMessageContainingAll(parts);
  }

  @Test
  void findsTensorsInTheOrderOfTheirBytes() throws IOException {
    String header =
        padded(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"late\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[24,28]},"
                + "\"early\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}");
    Path file = file(header, 28);
    long data = 8L + header.length();

    assertThat(Safetensors.read(file).values())
        .containsExactly(
            new StoredTensor("early", ElementType.F32, List.of(2L, 3L), file, data, 24),
            new StoredTensor("late", ElementType.F16, List.of(2L), file, data + 24, 4));
  }

  @Test
  void readsScalarsAndEmptyTensors() throws IOException {
    String header =
        padded(
            "{\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                + "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[4,4]}}");

    Map<String, StoredTensor> tensors = Safetensors.read(file(header, 4));

    assertThat(tensors.values()).extracting(StoredTensor::elements).containsExactly(1L, 0L);
  }

  @Test
  void readsACheckpointThatAnotherLibraryWrote() throws IOException {
    Map<String, StoredTensor> tensors =
        Safetensors.readFolder(Path.of("src/test/resources/checkpoints/llama-tied"));

    assertThat(tensors)
        .containsKey("model.embed_tokens.weight")
        .doesNotContainKey("lm_head.weight");
  }

  @Test
  void refusesAFileThatIsTooShortForAHeaderLength() throws IOException {
    Path file = Files.write(folder.resolve("short"), new byte[7]);

    assertRefused(file, "7 bytes", "at least 8");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MAX_VALUE, Long.MIN_VALUE, 100_000_001, 3})
  void refusesAHeaderLengthBeyondTheFile(long length) throws IOException {
    byte[] bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    Path file = Files.write(folder.resolve("long"), bytes);

    assertRefused(file, "header of " + Long.toUnsignedString(length), "at most 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{}{}",
        "{\"t\":3}",
        "{\"t\":{}}",
        "{\"__metadata__\":3}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1]}}",
        "{\"t\":{\"dtype\":5,\"shape\":[],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":{},\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4,8]}}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":1}}",
        "{\"t\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}"
      })
  void refusesAMalformedHeader(String header) throws IOException {
    assertRefused(file(header, 4), "model.safetensors");
  }

  @Test
  void refusesDeepNesting() throws IOException {
    String deep = "{\"t\":{\"dtype\":" + "[".repeat(100_000);

    assertRefused(file(deep, 0), "tensor 't'");
    assertRefused(file("{\"__metadata__\":{\"a\":" + "[".repeat(100_000), 0), "nesting");
  }

  @Test
  void refusesATensorThatIsNamedTwice() throws IOException {
    String entry = "\"twin\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}";

    assertRefused(
        file(padded("{" + entry.formatted(0, 4) + "," + entry.formatted(4, 8) + "}"), 8), "twin");
  }

  @Test
  void refusesATensorThatReachesBeyondTheFile() throws IOException {
    assertRefused(file(tensor("F32", "[2]", "[0,8]"), 7), "'t'", "byte 8", "7");
  }

  @Test
  void refusesTensorsThatOverlap() throws IOException {
    String header =
        padded(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}");

    assertRefused(file(header, 12), "'b'", "overlaps", "'a'");
  }

  @Test
  void refusesBytesThatNoTensorOwns() throws IOException {
    assertRefused(file(tensor("F32", "[2]", "[0,8]"), 12), "8 of 12");
  }

  @Test
  void findsTensorsThatAreNotAligned() throws IOException {
    String header =
        padded(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}}");
    Path file = file(header, 5);

    assertThat(Safetensors.read(file))
        .containsEntry(
            "b",
            new StoredTensor("b", ElementType.F32, List.of(1L), file, 9L + header.length(), 4));
  }

  @ParameterizedTest
  @CsvSource({"F8_E4M3, 4", "F8_E8M0, 4", "F6_E2M3, 3", "F4, 2", "U16, 8", "C64, 32", "BOOL, 4"})
  void findsTensorsOfAllTypesOfTheFormat(String type, int bytes) throws IOException {
    Path file = file(tensor(type, "[4]", "[0,%d]".formatted(bytes)), bytes);

    assertThat(Safetensors.read(file).values())
        .extracting(StoredTensor::byteLength, StoredTensor::elements)
        .containsExactly(tuple((long) bytes, 4L));
  }

  @Test
  void keepsNothingOfMetadata() throws Exception {
    Path file = folder.resolve("model.safetensors");
    long entries = 3_000_000;
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      String begin = "{\"__metadata__\":{";
      String end = "\"last\":\"\"}}";
      out.write(
          ByteBuffer.allocate(8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(begin.length() + entries * 13 + end.length())
              .array());
      out.write(begin.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < entries; i++) {
        out.write("\"%07x\":\"\",".formatted(i).getBytes(StandardCharsets.UTF_8));
      }
      out.write(end.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(SmallHeap.run(32, Reading.class, file.toString())).isEqualTo("0 tensors");
  }

  /** Reads a file in a process of its own. */
  static final class Reading {
    public static void main(String[] arguments) throws IOException {
      System.out.print(Safetensors.read(Path.of(arguments[0])).size() + " tensors");
    }
  }

  @Test
  void refusesALongName() throws IOException {
    assertRefused(file("{\"" + "x".repeat(1000) + "\":{}}", 0), "Name length", "1000", "512");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "F32; [2]; [0,4]; takes 8",
        "F32; [1]; [4,0]; [begin, end]",
        "F32; [4611686018427387904,4]; [0,4]; larger than any file",
        "F64; [1152921504606846976]; [0,4]; larger than any file",
        "F32; [9223372036854775807,9223372036854775807,0]; [0,0]; larger than any file",
        "F32; [9223372036854775808]; [0,4]; range",
        "F32; [-1]; [0,4]; negative",
        "F32; [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]; [0,4]; more than 16",
        "F32; [1]; [0,9223372036854775807]; takes 4",
        "F4; [3]; [0,1]; no whole bytes",
        "F9; [4]; [0,4]; does not have",
        "f32; [1]; [0,4]; does not have"
      })
  void refusesAnInconsistentTensor(String type, String shape, String offsets, String problem)
      throws IOException {
    assertRefused(file(tensor(type, shape, offsets), 4), problem);
  }

  @Test
  void keepsHostileNamesOutOfTheMessage() throws IOException {
    String name = "a\\n\\u001b[31m" + "x".repeat(1000);

    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> Safetensors.read(file("{\"" + name + "\":{}}", 0)))
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("\n", "\u001b").hasSizeLessThan(400));
  }
}
