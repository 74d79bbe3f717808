package dev.diptych.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.GgufModel;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.model.DecoderModel;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.model.family.GgufConfiguration;
import dev.diptych.source.RealGguf;
import dev.diptych.tokenization.Tokenizer;
import dev.diptych.tokenization.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Gemma 3 270M from its GGUF file, served as it lies, beside what transformers computes in float32
 * on the dequantised weights.
 */
class RealGgufIT {

  @TempDir static Path folder;
  private static TorchRuntime runtime;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    Path file = RealGguf.gemma3();
    GgufModel model = GgufModel.read(file);
    model.writeFiles(folder, GgufConfiguration.of(model));
    Files.createSymbolicLink(folder.resolve("model.gguf"), file.toAbsolutePath());
    runtime = TorchRuntime.on("cpu");
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @Test
  void itsTokenizerGivesTheRecordedIds() throws IOException {
    try (Tokenizers tokenizers = new Tokenizers()) {
      Tokenizer tokenizer = tokenizers.open(folder);
      for (JsonNode reference : greedy()) {
        assertThat(tokenizer.encode(reference.get("prompt").stringValue(), true))
            .isEqualTo(DefaultModels.ints(reference.get("input_ids")));
        assertThat(tokenizer.decode(DefaultModels.ints(reference.get("token_ids")), false))
            .isEqualTo(reference.get("text").stringValue());
      }
    }
  }

  @Test
  void inFloat32ItContinuesAsRecorded() throws IOException {
    assertContinues(Precision.FLOAT32, 1e-3);
  }

  @Test
  void inFloat16ItContinuesAsRecordedWhereItIsSure() throws IOException {
    assertContinues(Precision.FLOAT16, 0.5);
  }

  private static void assertContinues(Precision precision, double margin) throws IOException {
    try (DecoderModel model =
        new ModelLoader(runtime, PreparedWeights.none())
            .decoder(folder, BlueprintReader.read(folder), precision)) {
      model.reserve(1, 512);
      for (JsonNode reference : greedy()) {
        int certain = Margins.firstBelow(reference.get("margins"), margin);
        int[] expected = DefaultModels.ints(reference.get("token_ids"));
        if (certain > 0) {
          assertThat(
                  Greedy.generate(model, DefaultModels.ints(reference.get("input_ids")), certain))
              .as("%s in %s", reference.get("prompt"), precision)
              .containsExactlyElementsOf(Arrays.stream(expected).limit(certain).boxed().toList());
        }
      }
    }
  }

  private static JsonNode greedy() throws IOException {
    return DefaultModels.golden("gemma-3-270m-q4_k_m").get("greedy");
  }
}
