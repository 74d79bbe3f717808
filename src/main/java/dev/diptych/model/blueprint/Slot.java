package dev.diptych.model.blueprint;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that a blueprint needs, by the name that all backends know it under.
 *
 * @param name such as {@code layer.0.attention.query.weight}
 * @param shape linear layers have {@code [outputs, inputs]}
 */
public record Slot(String name, List<Long> shape) {

  public Slot {
    shape = List.copyOf(shape);
  }

  static Slot of(String name, long... shape) {
    return new Slot(name, Arrays.stream(shape).boxed().toList());
  }
}
