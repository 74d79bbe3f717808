package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFolderTests {

  @TempDir Path folder;

  private void shard(String file, String... names) throws IOException {
    List<Declaration> tensors =
        List.of(names).stream()
            .map(name -> new Declaration(name, ElementType.F32, List.of(1L)))
            .toList();
    try (SafetensorsWriter writer = SafetensorsWriter.create(folder.resolve(file), tensors)) {
      for (String name : names) {
        writer.append(name, ByteBuffer.allocate(4));
      }
      writer.finish();
    }
  }

  private void index(String json) throws IOException {
    Files.writeString(folder.resolve("model.safetensors.index.json"), json);
  }

  private void assertRefused(String... parts) {
    assertThatExceptionOfType(InvalidCheckpoint.class)
        .isThrownBy(() -> Safetensors.readFolder(folder))
        .withMessageContainingAll(parts);
  }

  @Test
  void readsAllShardsInTheOrderOfTheIndex() throws IOException {
    shard("model-1.safetensors", "a", "b");
    shard("model-2.safetensors", "c");
    index(
        """
        {"metadata": {"total_size": 12}, "weight_map":
          {"c": "model-2.safetensors", "a": "model-1.safetensors", "b": "model-1.safetensors"}}
        """);

    assertThat(Safetensors.readFolder(folder).keySet()).containsExactly("c", "a", "b");
  }

  @Test
  void readsShardsOfAnyName() throws IOException {
    Files.createDirectory(folder.resolve("parts"));
    shard("layers-00001-of-00002.safetensors", "a");
    shard("parts/The rest.safetensors", "b");
    index(
        """
        {"weight_map": {"a": "layers-00001-of-00002.safetensors", "b": "parts/The rest.safetensors"}}
        """);

    assertThat(Safetensors.readFolder(folder).keySet()).containsExactly("a", "b");
  }

  @Test
  void readsNoFileThatTheIndexDoesNotName() throws IOException {
    shard("model-1.safetensors", "a");
    Files.writeString(folder.resolve("model-2.safetensors"), "no safetensors");
    index("{\"weight_map\": {\"a\": \"model-1.safetensors\"}}");

    assertThat(WeightFiles.in(folder)).containsExactly("model-1.safetensors");
    assertThat(Safetensors.readFolder(folder)).containsOnlyKeys("a");
  }

  @Test
  void prefersTheSingleFile() throws IOException {
    shard("model.safetensors", "single");
    index("nonsense");

    assertThat(Safetensors.readFolder(folder)).containsOnlyKeys("single");
  }

  @Test
  void refusesAFolderWithoutSafetensors() {
    assertRefused("neither", "model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.safetensors",
        "/etc/secret.safetensors",
        "sub/../../a.safetensors",
        "sub//a.safetensors",
        "sub\\\\a.safetensors",
        "..",
        "",
        ".safetensors",
        "pytorch_model.bin",
        "a.safetensors\\u0000"
      })
  void refusesAShardThatIsNoSafetensorsFileOfTheFolder(String shard) throws IOException {
    index("{\"weight_map\": {\"a\": \"" + shard + "\"}}");

    assertRefused("'a'", "not the name of a safetensors file in the folder");
  }

  @Test
  void refusesAnIndexThatNamesAMissingShard() throws IOException {
    index("{\"weight_map\": {\"a\": \"gone.safetensors\"}}");

    assertRefused("missing file gone.safetensors");
  }

  @Test
  void refusesAnIndexThatPromisesATensorWhichItsShardLacks() throws IOException {
    shard("model-1.safetensors", "a");
    index(
        """
        {"weight_map": {"a": "model-1.safetensors", "b": "model-1.safetensors"}}
        """);

    assertRefused("'b'", "model-1.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "{\"weight_map\": {}}",
        "{\"weight_map\": []}",
        "{\"weight_map\": {\"a\": 1}}",
        "{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"y.safetensors\"}}"
      })
  void refusesAMalformedIndex(String json) throws IOException {
    index(json);

    assertRefused("index.json");
  }
}
