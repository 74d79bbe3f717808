package dev.diptych.torchscript;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.SafetensorsWriter;
import dev.diptych.checkpoint.SafetensorsWriter.Declaration;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Slots;
import dev.diptych.model.family.Families;
import dev.diptych.model.family.WeightNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A checkpoint with normally distributed weights; those of norms are about 1. */
final class RandomWeights {

  private RandomWeights() {}

  /** The checkpoint of a blueprint, under the names of its family. */
  static void write(Path folder, Blueprint blueprint) throws IOException {
    write(folder, blueprint, new Random(11));
  }

  static void write(Path folder, Blueprint blueprint, Random random) throws IOException {
    WeightNames names = Families.weights(blueprint);
    write(
        folder,
        Slots.of(blueprint).stream()
            .map(
                slot ->
                    new Declaration(
                        names.of(slot.name()).getFirst().name(), ElementType.F32, slot.shape()))
            .toList(),
        random);
  }

  private static void write(Path folder, List<Declaration> tensors, Random random)
      throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(folder.resolve("model.safetensors"), tensors)) {
      for (Declaration tensor : tensors) {
        writer.append(tensor.name(), values(tensor, random));
      }
      writer.finish();
    }
  }

  private static ByteBuffer values(Declaration tensor, Random random) {
    int count = Math.toIntExact(tensor.shape().stream().reduce(1L, Math::multiplyExact));
    boolean norm = tensor.name().matches("(?i).*norm\\.weight");
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      double value = random.nextGaussian();
      bytes.putFloat((float) (norm ? 1 + 0.1 * value : 0.2 * value));
    }
    return bytes.flip();
  }
}
