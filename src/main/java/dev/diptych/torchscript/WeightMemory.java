package dev.diptych.torchscript;

import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the weights of a blueprint take once they are packed. */
final class WeightMemory {

  private WeightMemory() {}

  /** On libtorch. */
  static MemoryNeed onTorch(Blueprint blueprint, Precision.Kernel kernel) {
    long bytes = 0;
    long tokens = 0;
    for (Slot slot : Slots.of(blueprint)) {
      long elements = elements(slot);
      boolean table =
          slot.name().startsWith("embedding.") && !slot.name().startsWith("embedding.projection");
      int width =
          slot.shape().size() == 1
              ? Float.BYTES
              : table ? kernel.tableBytes() : kernel.weightBytes();
      bytes += elements * width;
      tokens = slot.name().equals(Slots.TOKENS) ? elements : tokens;
    }
    boolean packedAgain = isTied(blueprint.head()) && !kernel.isPlain();
    return need(
        blueprint,
        bytes + (packedAgain ? tokens * kernel.weightBytes() : 0),
        kernel.isPlain() ? 0 : tokens * Float.BYTES,
        kernel.cacheElementBytes());
  }

  /** As machine code, in blocks of these sizes. */
  static MemoryNeed asMachineCode(Blueprint blueprint, List<Long> blockBytes) {
    long bytes = blockBytes.stream().mapToLong(Long::longValue).sum();
    return need(blueprint, bytes, 0, Short.BYTES);
  }

  /* While it is packed, a layer is there as float32, as it is and joined; and so is the head. */
  private static MemoryNeed need(
      Blueprint blueprint, long weights, long headBytes, int cacheElementBytes) {
    Map<String, Long> layers = new HashMap<>();
    for (Slot slot : Slots.of(blueprint)) {
      if (slot.name().startsWith("layer.")) {
        String number = slot.name().substring(0, slot.name().indexOf('.', "layer.".length()));
        layers.merge(number, elements(slot), Long::sum);
      }
    }
    long largest = layers.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long loading = Math.max(2 * Float.BYTES * largest, headBytes);
    long cached =
        blueprint.layers().stream().map(Layer::attention).mapToLong(Attention::keyValueWidth).sum();
    return new MemoryNeed(weights, loading, 2 * cached * cacheElementBytes);
  }

  private static boolean isTied(Head head) {
    return switch (head) {
      case Head.LanguageModel model -> model.tied();
      case Head.MaskedLanguageModel model -> model.tied();
      default -> false;
    };
  }

  private static long elements(Slot slot) {
    return slot.shape().stream().reduce(1L, Math::multiplyExact);
  }
}
