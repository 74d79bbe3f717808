package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheSourceTests {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;
  private Path cache;
  private Path work;
  private LocalHub hub;

  @BeforeEach
  void makeCache() throws IOException {
    hub = new LocalHub().withModel(9000);
    cache = folder.resolve("hub");
    work = Files.createDirectories(folder.resolve("work"));
    Path model = cache.resolve("models--acme--tiny");
    Path blobs = Files.createDirectories(model.resolve("blobs"));
    Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
    Files.writeString(Files.createDirectories(model.resolve("refs")).resolve("main"), COMMIT);
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.write(blobs.resolve(name + "-blob"), hub.files.get(name));
      Files.createSymbolicLink(
          snapshot.resolve(name), Path.of("../../blobs").resolve(name + "-blob"));
    }
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void takesFromTheHubWhatTheCacheLacks() throws Exception {
    Fetched fetched = find("main", List.of(), false).fetch(work, progress());

    assertThat(Folders.files(fetched.path()))
        .containsExactly(
            "1_Pooling/config.json", "config.json", "model.safetensors", "tokenizer.json");
    assertThat(fetched.doubt()).isEmpty();
    assertThat(hub.atStorage).isEmpty();
    assertThat(hub.atHub)
        .extracting(LocalHub.Seen::path)
        .noneMatch(p -> p.endsWith("/config.json") && !p.contains("Pooling"));
  }

  @Test
  void takesFromTheHubWhatIsOtherwiseThere() throws Exception {
    hub.files.put("tokenizer.json", LocalHub.text("{\"new\": 1}"));

    Fetched fetched = find("main", List.of(), false).fetch(work, progress());

    assertThat(fetched.path().resolve("tokenizer.json")).hasContent("{\"new\": 1}");
  }

  @Test
  void takesTheCacheAsItIsWhenNobodyAnswersAndDoubtsIt() throws Exception {
    hub.close();

    Fetched fetched = find("main", List.of(), false).fetch(work, progress());

    assertThat(Folders.files(fetched.path()))
        .containsExactly("config.json", "model.safetensors", "tokenizer.json");
    assertThat(fetched.path().resolve("model.safetensors"))
        .isRegularFile()
        .hasBinaryContent(hub.files.get("model.safetensors"));
    assertThat(Files.isSymbolicLink(fetched.path().resolve("model.safetensors"))).isFalse();
    assertThat(fetched.doubt()).contains("cannot reach", "no modules.json", "pooling is a guess");
  }

  @Test
  void asksNobodyWhenOffline() throws Exception {
    Fetched fetched = find("main", List.of(), true).fetch(work, progress());

    assertThat(hub.atHub).isEmpty();
    assertThat(fetched.doubt()).contains("diptych.models.offline is set");
  }

  @Test
  void takesExactlyTheShardsThatTheIndexNames() throws Exception {
    hub.close();
    Path snapshot = cache.resolve("models--acme--tiny/snapshots").resolve(COMMIT);
    Files.delete(snapshot.resolve("model.safetensors"));
    for (String name : List.of("layers-1.safetensors", "other.safetensors")) {
      Files.writeString(snapshot.resolve(name), name);
    }
    Files.writeString(
        snapshot.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"layers-1.safetensors\"}}");

    assertThat(Folders.files(find("main", List.of(), false).fetch(work, progress()).path()))
        .contains("layers-1.safetensors", "model.safetensors.index.json")
        .doesNotContain("other.safetensors");
  }

  @Test
  void findsARevisionByItsCommit() {
    assertThat(HubCopy.find(cache, new ModelReference.OnHub("acme/tiny", COMMIT))).isPresent();
  }

  @Test
  void knowsWhatTheCacheDoesNotHave() {
    assertThat(HubCopy.find(cache, new ModelReference.OnHub("acme/tiny", "other"))).isEmpty();
    assertThat(HubCopy.find(cache, new ModelReference.OnHub("acme/huge", "main"))).isEmpty();
    assertThat(HubCopy.find(folder.resolve("none"), new ModelReference.OnHub("a/b", "main")))
        .isEmpty();
  }

  @Test
  void refusesASnapshotWithAnotherChecksumThanTheCatalogue() {
    List<CatalogFile> known = List.of(new CatalogFile("model.safetensors", "", 0, "0".repeat(64)));

    assertThatThrownBy(() -> find("main", known, true).fetch(work, progress()))
        .hasMessageContaining("model.safetensors has another SHA-256");
  }

  @Test
  void aGgufModelOfTheCacheIsTakenAsItLies() throws Exception {
    Path other = folder.resolve("other/models--acme--tiny");
    Path snapshot = Files.createDirectories(other.resolve("snapshots").resolve(COMMIT));
    Files.writeString(Files.createDirectories(other.resolve("refs")).resolve("main"), COMMIT);
    Files.writeString(snapshot.resolve("tiny-Q8_0.gguf"), "weights");
    var reference = new ModelReference.OnHub("acme/tiny", "main", "Q8_0");
    HubCopy copy = HubCopy.find(folder.resolve("other"), reference).orElseThrow();
    HubClient client = new HubClient(hub.endpoint(), null, HubPatience.USUAL);
    HubSource source = new HubSource(client, reference, List.of(), List.of(copy));

    Fetched fetched =
        new HubCacheSource(copy, source, "Q8_0", List.of(), true).fetch(work, progress());

    assertThat(fetched)
        .isEqualTo(new Fetched(snapshot.resolve("tiny-Q8_0.gguf"), CheckpointFormat.GGUF));
  }

  private HubCacheSource find(String revision, List<CatalogFile> known, boolean offline) {
    ModelReference.OnHub reference = new ModelReference.OnHub(LocalHub.REPOSITORY, revision);
    HubCopy copy = HubCopy.find(cache, reference).orElseThrow();
    HubClient client = new HubClient(hub.endpoint(), null, HubPatience.USUAL);
    HubSource source = new HubSource(client, reference, known, List.of(copy));
    return new HubCacheSource(copy, source, "", known, offline);
  }

  private static Progress progress() {
    return new Progress("tiny", _ -> {}, new ProgressLog());
  }
}
