package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diptych.Platform;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose weights were kept by an earlier start. */
class MachineCodeWeightsTests {

  private static final CpuFeatures CPU = CpuFeatures.detect(Platform.current());
  private static final Blueprint LLAMA = RandomLlama.blueprint(6, 2, true, true);
  private static final Blueprint BERT = RandomBert.blueprint(2, false);
  private static final int[] TOKENS = {5, 99, 3, 400, 17, 64, 64, 1};

  @TempDir private Path store;
  private Path decoder;
  private Path encoder;

  @BeforeEach
  void write() throws IOException {
    assumeTrue(CPU.machineCode(), "this CPU has no AVX512-VNNI");
    decoder = RandomLlama.write(Files.createDirectory(store.resolve("decoder")), LLAMA);
    encoder = Files.createDirectory(store.resolve("encoder"));
    RandomWeights.write(encoder, BERT);
  }

  @Test
  void theNextStartAnswersTheSameWithoutLibtorch() throws IOException {
    float[][] first = start(true);
    assertThat(start(false)).isDeepEqualTo(first);
  }

  @Test
  void aCheckpointThatChangedIsPreparedAnew() throws IOException {
    start(true);
    float[] before = logits(false);
    Files.delete(decoder.resolve("model.safetensors"));
    RandomLlama.write(decoder, LLAMA, new Random(12));
    float[] after = logits(true);
    assertThat(after).isNotEqualTo(before);
    assertThat(logits(false)).isEqualTo(after);
  }

  @Test
  void whatWasDamagedIsPreparedAnew() throws IOException {
    float[] before = logits(true);
    Path kept = store.resolve(".prepared/decoder.int8");
    byte[] bytes = Files.readAllBytes(kept);
    bytes[bytes.length / 2] ^= 1;
    Files.write(kept, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(logits(true)).isEqualTo(before);
    assertThat(logits(false)).isEqualTo(before);
  }

  @Test
  void aStoreThatCannotBeWrittenServesAllTheSame() throws IOException {
    float[] before = logits(true);
    Files.delete(store.resolve(".prepared/decoder.int8"));
    Files.delete(store.resolve(".prepared"));
    Files.writeString(store.resolve(".prepared"), "in the way");
    assertThat(logits(true)).isEqualTo(before);
  }

  /** Logits and hidden states that a start gives which does, or does not, load libtorch. */
  private float[][] start(boolean libtorch) throws IOException {
    try (TorchRuntime runtime = TorchRuntime.on("cpu");
        EncoderModel model = loader(runtime).encoder(encoder, BERT, Precision.INT8)) {
      assertThat(model).isInstanceOf(MachineCodeEncoder.class);
      float[] logits = logits(runtime);
      float[][] states = model.hiddenStates(Batches.of(List.of(TOKENS)));
      assertThat(runtime.hasLoadedLibtorch()).isEqualTo(libtorch);
      return new float[][] {logits, states[0]};
    }
  }

  private float[] logits(boolean libtorch) throws IOException {
    try (TorchRuntime runtime = TorchRuntime.on("cpu")) {
      float[] logits = logits(runtime);
      assertThat(runtime.hasLoadedLibtorch()).isEqualTo(libtorch);
      return logits;
    }
  }

  private float[] logits(TorchRuntime runtime) throws IOException {
    try (DecoderModel model = loader(runtime).decoder(decoder, LLAMA, Precision.INT8)) {
      assertThat(model).isInstanceOf(MachineCodeDecoder.class);
      float[] logits = new float[RandomLlama.VOCABULARY];
      model.reserve(1, 16);
      model.prefill(0, 0, TOKENS, 1, logits);
      return logits;
    }
  }

  private ModelLoader loader(TorchRuntime runtime) {
    return new ModelLoader(runtime, PreparedWeights.in(store));
  }
}
