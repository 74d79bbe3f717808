package dev.diptych.torchscript;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import dev.diptych.model.DecoderConfig;
import dev.diptych.model.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small Llama with random weights, of a shape that dev.diptych.kernel can compute. */
final class RandomLlama {

  static final int VOCABULARY = 505;

  private RandomLlama() {}

  static DecoderConfig config(int heads, int keyValueHeads) {
    RotaryEmbedding rotary = new RotaryEmbedding(10_000, null);
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
        rotary);
  }

  /**
   * Writes the checkpoint into a folder; with the biases of a Qwen2 and other tensors if wanted.
   */
  static Path write(Path folder, DecoderConfig config, boolean biases, Declaration... others)
      throws IOException {
    List<Declaration> tensors = new ArrayList<>(List.of(others));
    for (WeightShape weight : DecoderWeightNames.expected(config)) {
      tensors.add(new Declaration(weight.name(), ElementType.F32, weight.shape()));
      if (biases && weight.name().matches(".*[qkv]_proj.weight")) {
        String bias = weight.name().replace("weight", "bias");
        tensors.add(new Declaration(bias, ElementType.F32, List.of(weight.shape().getFirst())));
      }
    }
    RandomWeights.write(folder, tensors);
    return folder;
  }
}
