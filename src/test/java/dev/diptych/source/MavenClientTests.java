package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenClientTests {

  @TempDir Path folder;
  private Path repository;
  private Path local;
  private Path work;
  private byte[] zip;

  @BeforeEach
  void makeRepository() throws IOException {
    zip = Zips.modelZip();
    local = folder.resolve("local");
    work = Files.createDirectories(folder.resolve("work"));
    repository = folder.resolve("remote");
    Path artifact = repository.resolve("com/acme/tiny/1.0/tiny-1.0.jar");
    Files.createDirectories(artifact.resolveSibling("."));
    Files.write(artifact, zip);
    Files.writeString(
        artifact.resolveSibling("tiny-1.0.jar.sha1"),
        HexFormat.of().formatHex(Checksum.digest("SHA-1").digest(zip)));
    Files.writeString(
        folder.resolve("settings.xml"),
        """
        <settings>
          <mirrors>
            <mirror><id>here</id><mirrorOf>*</mirrorOf><url>%s</url></mirror>
          </mirrors>
        </settings>
        """
            .formatted(repository.toUri()));
  }

  @Test
  void fetchesThroughTheMirrorOfTheUsersSettings() throws Exception {
    Fetched fetched = source().fetch(work, progress());

    assertThat(Folders.files(fetched.path()))
        .containsExactly("config.json", "model.safetensors", "tokenizer.json");
    assertThat(local.resolve("com")).doesNotExist();
    assertThat(work.resolve("archive")).doesNotExist();
  }

  @Test
  void takesWhatTheLocalRepositoryHas() throws Exception {
    Path kept = local.resolve("com/acme/tiny/1.0/tiny-1.0.jar");
    Files.createDirectories(kept.resolveSibling("."));
    Files.write(kept, zip);
    Folders.delete(repository);

    assertThat(source().fetch(work, progress()).path().resolve("config.json")).exists();
    assertThat(kept).hasBinaryContent(zip);
  }

  @Test
  void continuesWhatAKilledProcessLeft() throws Exception {
    Path part = Files.createDirectories(work.resolve("archive")).resolve("artifact.part");
    Files.write(part, Arrays.copyOf(zip, zip.length / 2));

    assertThat(source().fetch(work, progress()).path().resolve("config.json")).exists();
  }

  @Test
  void beginsAgainWhenWhatWasLeftIsOfNoUse() throws Exception {
    Path part = Files.createDirectories(work.resolve("archive")).resolve("artifact.part");
    Files.write(part, new byte[zip.length / 2]);

    assertThat(source().fetch(work, progress()).path().resolve("config.json")).exists();
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Folders.delete(repository);

    assertThatThrownBy(() -> source().fetch(work, progress()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tiny-1.0.jar (repository here)");
  }

  @Test
  void saysThatTheSettingsAreBroken() throws Exception {
    Files.writeString(folder.resolve("settings.xml"), "<settings><mirrors>");

    assertThatThrownBy(() -> source().fetch(work, progress())).isInstanceOf(IOException.class);
  }

  private ArchiveSource source() {
    MavenClient client =
        new MavenClient(
            "com.acme:tiny:1.0",
            zip.length,
            environment ->
                environment
                    .withUserSettingsXmlOverride(folder.resolve("settings.xml"))
                    .withLocalRepositoryOverride(local));
    return new ArchiveSource(client, Zips.modelArchive(zip));
  }

  private static Progress progress() {
    return new Progress("tiny", _ -> {}, new ProgressLog());
  }
}
