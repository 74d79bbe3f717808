package dev.diptych.torchscript;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.SafetensorsWriter;
import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import dev.diptych.model.DecoderConfig;
import dev.diptych.model.RotaryEmbedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

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
    Random random = new Random(11);
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(folder.resolve("model.safetensors"), tensors)) {
      for (Declaration tensor : tensors) {
        writer.append(tensor.name(), values(tensor, random));
      }
      writer.finish();
    }
    return folder;
  }

  private static ByteBuffer values(Declaration tensor, Random random) {
    int count = Math.toIntExact(tensor.shape().stream().reduce(1L, Math::multiplyExact));
    boolean norm = tensor.name().endsWith("norm.weight");
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(
          (float) (norm ? 1 + 0.1 * random.nextGaussian() : 0.2 * random.nextGaussian()));
    }
    return bytes.flip();
  }
}
