package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightMemoryTests {

  /* 24 layers of 14.9 million weights and 136 million embeddings, which are the head too. */
  private static final String QWEN2 =
      """
      {"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 896, "intermediate_size": 4864,
       "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2,
       "max_position_embeddings": 32768, "tie_word_embeddings": true}
      """;

  private static final long LAYERS = 24L * (2 * 896 * 896 + 2 * 896 * 128 + 3 * 896 * 4864);
  private static final long EMBEDDINGS = 151_936L * 896;

  @TempDir Path folder;

  private Blueprint qwen2() throws IOException {
    Files.writeString(folder.resolve("config.json"), QWEN2);
    return BlueprintReader.read(folder);
  }

  private static void assertAbout(long bytes, long expected) {
    assertThat((double) bytes / expected).isBetween(0.999, 1.001);
  }

  @Test
  void float16HasTheEmbeddingsAsATableAndPackedAsTheHead() throws IOException {
    MemoryNeed need = WeightMemory.onTorch(qwen2(), Precision.Kernel.of(2, 6));

    assertAbout(need.weights(), 2 * LAYERS + 2 * 2 * EMBEDDINGS);
    assertThat(need.loading()).isEqualTo(4 * EMBEDDINGS);
    assertThat(need.cachePerToken()).isEqualTo(24L * 2 * 128 * Float.BYTES);
  }

  @Test
  void plainFloat32HasTheEmbeddingsOnce() throws IOException {
    MemoryNeed need = WeightMemory.onTorch(qwen2(), Precision.Kernel.of(0, 6));

    assertAbout(need.weights(), 4 * LAYERS + 4 * EMBEDDINGS);
  }

  @Test
  void machineCodeTakesWhatItsBlocksTake() throws IOException {
    MemoryNeed need = WeightMemory.asMachineCode(qwen2(), List.of(100L, 20L, 3L));

    assertThat(need.weights()).isEqualTo(123);
    assertAbout(need.loading(), 2 * 4 * LAYERS / 24);
    assertThat(need.cachePerToken()).isEqualTo(24L * 2 * 128 * Short.BYTES);
  }
}
