package dev.diptych.torchscript;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import dev.diptych.model.DecoderConfig;
import dev.diptych.model.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** A small Llama with random weights, of a shape that dev.diptych.kernel can compute. */
final class RandomLlama {

  static final int VOCABULARY = 505;

  private RandomLlama() {}

  static DecoderConfig config(int heads, int keyValueHeads) {
    return config(heads, keyValueHeads, false, true);
  }

  /**
   * A configuration.
   *
   * @param biases whether it has those of a Qwen2
   * @param tied whether its output layer is the embeddings
   */
  static DecoderConfig config(int heads, int keyValueHeads, boolean biases, boolean tied) {
    return new DecoderConfig(
        DecoderConfig.Family.LLAMA,
        VOCABULARY,
        48,
        96,
        4,
        heads,
        keyValueHeads,
        16,
        256,
        1e-5,
        new RotaryEmbedding(10_000, null),
        new DecoderConfig.Biases(biases, false, false),
        tied);
  }

  /** Writes the checkpoint into a folder. */
  static Path write(Path folder, DecoderConfig config) throws IOException {
    return write(folder, config, new Random(11));
  }

  static Path write(Path folder, DecoderConfig config, Random random) throws IOException {
    RandomWeights.write(
        folder,
        DecoderWeightNames.expected(config).stream()
            .map(weight -> new Declaration(weight.name(), ElementType.F32, weight.shape()))
            .toList(),
        random);
    return folder;
  }
}
