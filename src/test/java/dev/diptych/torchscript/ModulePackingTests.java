package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.kernel.DecoderWeights;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights for machine code, which are written a part at a time. */
class ModulePackingTests {

  private static final int VOCABULARY =
      5000; // three parts of 2048 rows, and no whole block at last

  @TempDir Path folder;

  private static Blueprint blueprint(boolean tied) {
    Blueprint small = RandomLlama.blueprint(6, 2, true, tied);
    return new Blueprint(
        small.family(),
        VOCABULARY,
        small.width(),
        small.context(),
        small.embeddings(),
        small.layers(),
        small.finalNorm(),
        small.head());
  }

  private List<ByteBuffer> written(TorchRuntime runtime, Blueprint blueprint, long partElements)
      throws IOException {
    List<ByteBuffer> memory =
        DecoderWeights.blockBytes(MachineCodeDecoder.shape(blueprint)).stream()
            .map(bytes -> ByteBuffer.allocateDirect(Math.toIntExact(bytes)))
            .toList();
    Map<String, WeightView> stored = StoredWeights.read(folder, blueprint).select(blueprint);
    new ModelLoader(runtime, PreparedWeights.none())
        .exportDecoder(stored, blueprint, memory, partElements);
    return memory;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void areTheSameBytesHoweverManyRowsAreWrittenAtATime(boolean tied) throws IOException {
    Blueprint blueprint = blueprint(tied);
    RandomLlama.write(folder, blueprint);
    try (TorchRuntime runtime = TorchRuntime.on("cpu")) {
      assertThat(written(runtime, blueprint, 1))
          .isEqualTo(written(runtime, blueprint, ModulePacking.PART_ELEMENTS));
    }
  }

  @Test
  void haveTheEmbeddingsOfEveryRow() throws IOException {
    Blueprint blueprint = blueprint(true);
    RandomLlama.write(folder, blueprint);
    try (TorchRuntime runtime = TorchRuntime.on("cpu")) {
      List<ByteBuffer> memory = written(runtime, blueprint, 1);
      ByteBuffer table = memory.get(memory.size() - 2);
      for (int row = 0; row < VOCABULARY; row++) {
        assertThat(table.slice(row * 96, 96)).isNotEqualTo(ByteBuffer.allocate(96));
      }
    }
    assertThat(Files.exists(folder.resolve(".prepared"))).isFalse();
  }
}
