package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheSourceTests {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;
  private Path cache;
  private Path work;

  @BeforeEach
  void makeCache() throws IOException {
    cache = folder.resolve("hub");
    work = Files.createDirectories(folder.resolve("work"));
    Path model = cache.resolve("models--acme--tiny");
    Path blobs = Files.createDirectories(model.resolve("blobs"));
    Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
    Files.writeString(Files.createDirectories(model.resolve("refs")).resolve("main"), COMMIT);
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.writeString(blobs.resolve(name + "-blob"), name);
      Files.createSymbolicLink(
          snapshot.resolve(name), Path.of("../../blobs").resolve(name + "-blob"));
    }
  }

  @Test
  void copiesTheFilesBehindTheLinks() throws Exception {
    Fetched fetched = find("main", List.of()).fetch(work, progress());

    assertThat(fetched.path().resolve("model.safetensors"))
        .isRegularFile()
        .hasContent("model.safetensors");
    assertThat(Files.isSymbolicLink(fetched.path().resolve("model.safetensors"))).isFalse();
  }

  @Test
  void findsARevisionByItsCommit() {
    assertThat(HubCacheSource.find(cache, "acme/tiny", COMMIT, List.of())).isPresent();
  }

  @Test
  void knowsWhatTheCacheDoesNotHave() {
    assertThat(HubCacheSource.find(cache, "acme/tiny", "other", List.of())).isEmpty();
    assertThat(HubCacheSource.find(cache, "acme/huge", "main", List.of())).isEmpty();
    assertThat(HubCacheSource.find(folder.resolve("none"), "a/b", "main", List.of())).isEmpty();
  }

  @Test
  void refusesASnapshotWithAnotherChecksumThanTheCatalogue() {
    List<CatalogFile> known = List.of(new CatalogFile("model.safetensors", "", 0, "0".repeat(64)));

    assertThatThrownBy(() -> find("main", known).fetch(work, progress()))
        .hasMessageContaining("model.safetensors has another SHA-256");
  }

  private HubCacheSource find(String revision, List<CatalogFile> known) {
    return HubCacheSource.find(cache, "acme/tiny", revision, known).orElseThrow();
  }

  private static Progress progress() {
    return new Progress("tiny", _ -> {}, new ProgressLog());
  }
}
