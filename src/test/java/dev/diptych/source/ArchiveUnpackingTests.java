package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveUnpackingTests {

  private static final byte[] CONTENT = Zips.bytes("content of the file");

  @TempDir Path folder;

  @Test
  void writesTheStatedEntriesOnly() throws IOException {
    byte[] zip = Zips.zip(Map.of("in/a.txt", CONTENT, "in/b.txt", CONTENT));

    unpack(zip, Zips.archive(zip, "", List.of(Zips.file("sub/a.txt", "in/a.txt", CONTENT))));

    assertThat(Folders.files(folder.resolve("out"))).containsExactly("sub/a.txt");
    assertThat(folder.resolve("out/sub/a.txt")).hasBinaryContent(CONTENT);
  }

  @Test
  void readsAZipInsideAZip() throws IOException {
    byte[] inner = Zips.zip(Map.of("variables/a.txt", CONTENT));
    byte[] outer = Zips.zip(Map.of("com/acme/model", inner));

    unpack(
        outer,
        Zips.archive(
            outer, "com/acme/model", List.of(Zips.file("a.txt", "variables/a.txt", CONTENT))));

    assertThat(folder.resolve("out/a.txt")).hasBinaryContent(CONTENT);
  }

  @Test
  void writesNothingForEntriesThatLeadOutOfTheFolder() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("../evil.txt", CONTENT);
    entries.put("/tmp/evil-absolute.txt", CONTENT);
    entries.put("a.txt", CONTENT);
    byte[] inner = Zips.zip(entries);
    byte[] outer = Zips.zip(Map.of("inner.zip", inner));

    unpack(inner, Zips.archive(inner, "", List.of(Zips.file("a.txt", "a.txt", CONTENT))));
    unpack(outer, Zips.archive(outer, "inner.zip", List.of(Zips.file("b.txt", "a.txt", CONTENT))));

    assertThat(folder.resolve("evil.txt")).doesNotExist();
    assertThat(Path.of("/tmp/evil-absolute.txt")).doesNotExist();
    assertThat(Folders.files(folder.resolve("out"))).containsExactly("a.txt", "b.txt");
  }

  @Test
  void aCatalogueCannotNameAFileOutsideTheFolder() {
    for (String name : List.of("../a", "a/../../b", "/etc/passwd", "a\\b", "", "a//b", "a/./b")) {
      assertThatThrownBy(() -> Zips.file(name, "a", CONTENT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is no name for a file");
    }
  }

  @Test
  void stopsAtTheAnnouncedSizeOfABomb() throws IOException {
    byte[] zip = Zips.zip(Map.of("bomb", new byte[50 << 20]));
    CatalogFile announced = new CatalogFile("bomb", "bomb", 1000, Zips.sha256(new byte[1000]));

    assertThatThrownBy(() -> unpack(zip, Zips.archive(zip, "", List.of(announced))))
        .hasMessageContaining("bomb is longer than the 1000 bytes announced");
    assertThat(DiskSpace.occupied(folder.resolve("out"))).isLessThanOrEqualTo(1000);
  }

  @Test
  void refusesAnEntryWithAnotherChecksum() throws IOException {
    byte[] zip = Zips.zip(Map.of("a.txt", CONTENT));
    CatalogFile other = new CatalogFile("a.txt", "a.txt", CONTENT.length, "0".repeat(64));

    assertThatThrownBy(() -> unpack(zip, Zips.archive(zip, "", List.of(other))))
        .hasMessageContaining("a.txt has the SHA-256");
    assertThat(folder.resolve("out/a.txt")).doesNotExist();
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    byte[] zip = Zips.zip(Map.of("a.txt", CONTENT));

    assertThatThrownBy(
            () -> unpack(zip, Zips.archive(zip, "", List.of(Zips.file("b.txt", "b.txt", CONTENT)))))
        .hasMessageContaining("has no entry b.txt");
    assertThatThrownBy(
            () ->
                unpack(
                    zip, Zips.archive(zip, "c.zip", List.of(Zips.file("a.txt", "a.txt", CONTENT)))))
        .hasMessageContaining("has no entry c.zip");
  }

  @Test
  void leavesWhatIsThereAlone() throws IOException {
    byte[] zip = Zips.zip(Map.of("a.txt", CONTENT, "b.txt", CONTENT));
    ArchiveUnpacking unpacking =
        new ArchiveUnpacking(
            Zips.archive(
                zip,
                "",
                List.of(
                    Zips.file("a.txt", "a.txt", CONTENT), Zips.file("b.txt", "b.txt", CONTENT))),
            folder);
    Files.write(folder.resolve("a.txt"), CONTENT);
    Files.write(folder.resolve("b.txt"), Zips.bytes("CONTENT of the file"));

    assertThat(unpacking.missing()).extracting(CatalogFile::path).containsExactly("b.txt");
  }

  private void unpack(byte[] zip, CatalogSource.Archive archive) throws IOException {
    Path file = Files.write(folder.resolve("a.zip"), zip);
    new ArchiveUnpacking(archive, folder.resolve("out"))
        .unpack(file, new Progress("tiny", _ -> {}, new ProgressLog()));
  }
}
