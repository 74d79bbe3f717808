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

  static final DecoderConfig CONFIG =
      new DecoderConfig(
          DecoderConfig.Family.LLAMA,
          505,
          48,
          96,
          3,
          6,
          2,
          16,
          256,
          1e-5,
          new RotaryEmbedding(10_000, null));

  private RandomLlama() {}

  /** Writes the checkpoint into a folder; with the biases of a Qwen2 if wanted. */
  static Path write(Path folder, boolean biases) throws IOException {
    List<Declaration> tensors = new ArrayList<>();
    for (WeightShape weight : DecoderWeightNames.expected(CONFIG)) {
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
