package dev.diptych.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTests {

  @TempDir Path folder;

  @Test
  void readsTheCatalogueOfTheProject() throws IOException {
    ModelCatalog catalog = ModelCatalog.read(Path.of("models/catalog.yml"));

    assertThat(catalog.models().keySet())
        .containsExactly("smollm2-135m-instruct", "bert-base-uncased", "all-minilm-l6-v2");
    assertThat(catalog.models().values())
        .allSatisfy(
            entry -> {
              assertThat(entry.sources()).hasSize(2);
              assertThat(entry.sources().getFirst()).isInstanceOf(CatalogSource.Hub.class);
            });
  }

  @Test
  void aFileThatIsNotThereIsAnEmptyCatalogue() throws IOException {
    assertThat(ModelCatalog.read(folder.resolve("none.yml")).models()).isEmpty();
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertRefused("models:\n  Tiny Model:\n    sources: [{hub: {repository: a/b}}]", "is no name");
    assertRefused("models:\n  tiny:\n    sources: []", "at least one source");
    assertRefused("models:\n  tiny:\n    sources: [{hub: {repository: nowhere}}]", "no repository");
    assertRefused("models:\n  tiny:\n    sources: [{ftp: {repository: a/b}}]", "ftp");
    assertRefused("models:\n  tiny:\n    source: []", "source");
    assertRefused(
        "models:\n  tiny:\n    sources:\n    - wheel: {package: tiny, version: '1'}", "needs size");
    assertRefused(
        "models:\n  tiny:\n    sources:\n    - hub: {repository: a/b, files: [{path: a, sha256: x}]}",
        "sha256 of a");
    assertRefused(
        "models:\n  tiny:\n    sources:\n    - hub: {repository: a/b, files: [{path: ../a}]}",
        "sha256");
    assertRefused("models: [", "line");
  }

  @Test
  void refusesAFileThatIsTooLong() throws IOException {
    Path file = Files.writeString(folder.resolve("catalog.yml"), "#".repeat(2_000_000));

    assertThatThrownBy(() -> ModelCatalog.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("larger than");
  }

  private void assertRefused(String yaml, String reason) {
    assertThatThrownBy(
            () -> ModelCatalog.read(Files.writeString(folder.resolve("catalog.yml"), yaml)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("catalog.yml, line ")
        .hasMessageContaining(reason);
  }
}
