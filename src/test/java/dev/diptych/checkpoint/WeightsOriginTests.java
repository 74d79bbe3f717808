package dev.diptych.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsOriginTests {

  private static final FileTime THEN = FileTime.fromMillis(1_700_000_000_123L);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.write(folder.resolve("model.safetensors"), new byte[100]);
    Files.setLastModifiedTime(file, THEN);
  }

  @Test
  void isTheSameForTheSame() throws IOException {
    assertThat(origin(8, "recipe")).isEqualTo(origin(8, "recipe"));
    assertThat(origin(8, "recipe").sha256()).hasSize(WeightsOrigin.DIGITS);
  }

  @Test
  void changesWithTensorsAndRecipe() throws IOException {
    WeightsOrigin before = origin(8, "a", "b");
    assertThat(origin(8, "a")).isNotEqualTo(before);
    assertThat(origin(8, "ab")).isNotEqualTo(before);
    assertThat(origin(8, "b", "a")).isNotEqualTo(before);
  }

  @Test
  void changesWithTheBytesOfATensor() throws IOException {
    WeightsOrigin before = origin(8, "recipe");
    byte[] bytes = new byte[100];
    bytes[8] = 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, THEN);
    assertThat(origin(8, "recipe")).isNotEqualTo(before);
  }

  @Test
  void changesWithTheFile() throws IOException {
    WeightsOrigin before = origin(8, "recipe");
    Files.setLastModifiedTime(file, FileTime.fromMillis(THEN.toMillis() + 1));
    assertThat(origin(8, "recipe")).isNotEqualTo(before);
    Files.write(file, new byte[101]);
    Files.setLastModifiedTime(file, THEN);
    assertThat(origin(8, "recipe")).isNotEqualTo(before);
  }

  private WeightsOrigin origin(long offset, String... recipe) throws IOException {
    StoredTensor tensor =
        new StoredTensor("weight", ElementType.F32, List.of(2L, 3L), file, offset, 24);
    return WeightsOrigin.of(Map.of("name", tensor), List.of(recipe));
  }
}
