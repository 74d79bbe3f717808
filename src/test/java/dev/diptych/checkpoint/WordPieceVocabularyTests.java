package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordPieceVocabularyTests {

  private static final String SPECIAL = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

  @TempDir private Path folder;

  @Test
  void linesAreTokensByTheirNumbers() throws IOException {
    assertThat(read(SPECIAL + "a\r\n\n##b\n\n \n").ids().keySet())
        .containsExactlyElementsOf(
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "", "##b"));
  }

  @Test
  void refusesMoreLinesThanTheHeapShouldHold() {
    String many =
        IntStream.range(0, 600_001).mapToObj(Integer::toString).collect(Collectors.joining("\n"));

    assertThatThrownBy(() -> read(many))
        .isInstanceOf(InvalidCheckpoint.class)
        .hasMessageContaining("more than 600000 lines");
    assertThatThrownBy(() -> read("\n".repeat(600_002)))
        .isInstanceOf(InvalidCheckpoint.class)
        .hasMessageContaining("more than 600000 lines");
  }

  @Test
  void refusesALargeFileBeforeReadingIt() throws IOException {
    Path file = folder.resolve("vocab.txt");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(16_000_001);
    }

    assertThatThrownBy(() -> WordPieceVocabulary.read(file))
        .isInstanceOf(InvalidCheckpoint.class)
        .hasMessageContaining("at most 16000000 are read");
  }

  private WordPieceVocabulary read(String content) throws IOException {
    return WordPieceVocabulary.read(Files.writeString(folder.resolve("vocab.txt"), content));
  }
}
