package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.family.BlueprintReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checkpoints whose tensors do not lie at multiples of their element sizes. */
class UnalignedWeightsTests {

  private static final Path FIXTURE = Path.of("src/test/resources/checkpoints/qwen2");
  private static TorchRuntime runtime;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void stop() {
    runtime.close();
  }

  @ParameterizedTest
  @CsvSource({"U8, 3", "F8_E4M3, 1", "BOOL, 5"})
  void computeTheSameBehindATensorThatNothingUses(String type, int bytes) throws IOException {
    copy(type, bytes, 0);

    assertThat(logits(folder)).isEqualTo(logits(FIXTURE));
  }

  @Test
  void computeTheSameBehindAHeaderOfOddLength() throws IOException {
    copy("I64", 8, 1);

    assertThat(logits(folder)).isEqualTo(logits(FIXTURE));
  }

  /** The fixture with another tensor in front and blanks behind the header. */
  private void copy(String type, int bytes, int blanks) throws IOException {
    Files.copy(FIXTURE.resolve("config.json"), folder.resolve("config.json"));
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(FIXTURE.resolve("model.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] json = new byte[(int) file.getLong()];
    file.get(json);
    ObjectNode header = (ObjectNode) JsonMapper.shared().readTree(json);
    for (String name : List.copyOf(header.propertyNames())) {
      if (header.get(name).get("data_offsets") != null) {
        var offsets = header.get(name).get("data_offsets");
        ((ObjectNode) header.get(name))
            .putArray("data_offsets")
            .add(offsets.get(0).asLong() + bytes)
            .add(offsets.get(1).asLong() + bytes);
      }
    }
    ObjectNode first = header.putObject("buffer").put("dtype", type);
    first.putArray("shape").add(type.equals("I64") ? bytes / 8 : bytes);
    first.putArray("data_offsets").add(0).add(bytes);
    byte[] text = JsonMapper.shared().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(text.length, 8) * 8 + blanks;
    ByteBuffer changed =
        ByteBuffer.allocate(8 + padded + bytes + file.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    changed
        .putLong(padded)
        .put(text)
        .put(" ".repeat(padded - text.length).getBytes(StandardCharsets.US_ASCII));
    changed.put(new byte[bytes]).put(file);
    Files.write(folder.resolve("model.safetensors"), changed.array());
  }

  private static float[] logits(Path checkpoint) throws IOException {
    Blueprint blueprint = BlueprintReader.read(checkpoint);
    ModelLoader loader = new ModelLoader(runtime, PreparedWeights.none());
    try (DecoderModel model = loader.decoder(checkpoint, blueprint, Precision.FLOAT32)) {
      model.reserve(1, 8);
      float[] logits = new float[3 * model.vocabularySize()];
      model.prefill(0, 0, new int[] {1, 2, 3}, 3, logits);
      return logits;
    }
  }
}
