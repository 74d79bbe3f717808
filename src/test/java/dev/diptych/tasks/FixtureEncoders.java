package dev.diptych.tasks;

import dev.diptych.Platform;
import dev.diptych.checkpoint.PreparedWeights;
import dev.diptych.encoding.AnswerMemory;
import dev.diptych.encoding.EncoderEngine;
import dev.diptych.encoding.EncoderLimits;
import dev.diptych.encoding.HeadedEncoder;
import dev.diptych.model.EncoderModel;
import dev.diptych.model.ModelFacts;
import dev.diptych.model.family.BlueprintReader;
import dev.diptych.tokenization.Tokenizers;
import dev.diptych.torchscript.ModelLoader;
import dev.diptych.torchscript.Precision;
import dev.diptych.torchscript.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tiny encoders of all families, with what transformers computed for them. */
public final class FixtureEncoders implements AutoCloseable {

  private static final Path FAMILIES = Path.of("src/test/resources/families");

  private final TorchRuntime runtime = TorchRuntime.on("cpu", Platform.current());
  private final Tokenizers tokenizers = new Tokenizers();

  /** One of them in float32. */
  public HeadedEncoder open(String name) throws IOException {
    return open(name, Integer.MAX_VALUE);
  }

  /** As {@link #open(String)}, for texts of at most so many tokens. */
  public HeadedEncoder open(String name, int maxTokens) throws IOException {
    return open(FAMILIES.resolve(name), maxTokens);
  }

  /** As {@link #open(String, int)}, of another folder. */
  HeadedEncoder open(Path folder, int maxTokens) throws IOException {
    String name = folder.getFileName().toString();
    EncoderModel model =
        new ModelLoader(runtime, PreparedWeights.none())
            .encoder(folder, BlueprintReader.read(folder), Precision.FLOAT32);
    int most = Math.min(maxTokens, model.maxInputTokens());
    return new HeadedEncoder(
        new EncoderEngine(name, model, 64, 4096),
        tokenizers.open(folder),
        new EncoderLimits(most, 32, true),
        ModelFacts.ofEncoder(name, "float32", "cpu", most),
        new AnswerMemory(1 << 24, "diptych.encoding.answer-memory"));
  }

  static List<JsonNode> cases(String name) {
    return reference(name).get("cases").valueStream().toList();
  }

  static JsonNode reference(String name) {
    return JsonMapper.shared().readTree(FAMILIES.resolve(name).resolve("reference.json"));
  }

  @Override
  public void close() {
    tokenizers.close();
    runtime.close();
  }
}
