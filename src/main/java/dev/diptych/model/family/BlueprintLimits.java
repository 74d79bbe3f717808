package dev.diptych.model.family;

import dev.diptych.model.SizeLimits;
import dev.diptych.model.blueprint.Attention;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Embeddings;
import dev.diptych.model.blueprint.Layer;
import dev.diptych.model.blueprint.Positions;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import java.io.IOException;

/** Refuses blueprints whose tensors, tables or caches have sizes that cannot be computed with. */
final class BlueprintLimits {

  private BlueprintLimits() {}

  static Blueprint check(Blueprint blueprint) throws IOException {
    Embeddings embeddings = blueprint.embeddings();
    if (blueprint.context() < 1) {
      throw new IOException(
          "config.json: max_position_embeddings %d leaves no room after padding index %d"
              .formatted(embeddings.positions(), embeddings.firstPosition() - 1));
    }
    long cached = 0;
    for (Layer layer : blueprint.layers()) {
      Attention attention = layer.attention();
      SizeLimits.product(
          "attention heads",
          attention.heads(),
          "their width",
          attention.headWidth(),
          SizeLimits.WIDTH);
      SizeLimits.divisible(
          "num_attention_heads",
          attention.heads(),
          "num_key_value_heads",
          attention.keyValueHeads());
      if (attention.positions() instanceof Positions.Rotary(var rotary, var _)) {
        SizeLimits.divisible("the width that rotates", rotary.width(), "a pair", 2);
        SizeLimits.product(
            "max_position_embeddings",
            blueprint.context(),
            "head_dim",
            attention.headWidth(),
            SizeLimits.ROTATIONS);
      }
      SizeLimits.product(
          "queries, keys and values",
          attention.queryWidth() + 2L * attention.keyValueWidth(),
          "width",
          blueprint.width(),
          SizeLimits.TENSOR);
      cached += 2L * attention.keyValueWidth();
    }
    if (cached > SizeLimits.CACHED) {
      throw new IOException(
          "config.json: the keys and values of a token are %d numbers in %d layers, more than the %d that can be computed"
              .formatted(cached, blueprint.layers().size(), SizeLimits.CACHED));
    }
    weights(blueprint);
    return blueprint;
  }

  private static void weights(Blueprint blueprint) throws IOException {
    long all = 0;
    for (Slot slot : Slots.of(blueprint)) {
      long elements = 1;
      for (long size : slot.shape()) {
        elements = Math.multiplyExact(elements, size);
      }
      if (elements > SizeLimits.TENSOR) {
        throw new IOException(
            "config.json: %s has %d times %d numbers, more than the %d that can be computed"
                .formatted(
                    slot.name(),
                    slot.shape().getFirst(),
                    elements / slot.shape().getFirst(),
                    SizeLimits.TENSOR));
      }
      all += elements;
    }
    if (all > SizeLimits.WEIGHTS) {
      throw new IOException(
          "config.json: the weights would be %d numbers, more than the %d that can be computed"
              .formatted(all, SizeLimits.WEIGHTS));
    }
  }
}
