package dev.diptych.torchscript;

import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A tensor that a forward pass needs, and the shape that config.json promises. */
record WeightShape(String name, List<Long> shape) {

  static WeightShape of(String name, long... shape) {
    return new WeightShape(name, Arrays.stream(shape).boxed().toList());
  }

  /** Weight and bias of a linear layer, {@code [outputs, inputs]} and {@code [outputs]}. */
  static List<WeightShape> linear(String name, long outputs, long inputs) {
    return List.of(of(name + ".weight", outputs, inputs), of(name + ".bias", outputs));
  }

  /** Weight and bias of a layer norm. */
  static List<WeightShape> norm(String name, long width) {
    return List.of(of(name + ".weight", width), of(name + ".bias", width));
  }

  /** Refuses a checkpoint that lacks a tensor or has it in another shape. */
  static void check(Map<String, StoredTensor> tensors, List<WeightShape> expected)
      throws InvalidCheckpoint {
    for (WeightShape want : expected) {
      StoredTensor tensor = tensors.get(want.name());
      if (tensor == null) {
        throw new InvalidCheckpoint("the checkpoint lacks the tensor %s".formatted(want.name()));
      }
      if (!tensor.shape().equals(want.shape())) {
        throw new InvalidCheckpoint(
            "tensor %s has shape %s, but config.json promises %s"
                .formatted(tensor.name(), tensor.shape(), want.shape()));
      }
    }
  }

  /** Refuses a checkpoint that has one of these tensors in another shape; it may lack them. */
  static void checkIfPresent(Map<String, StoredTensor> tensors, List<WeightShape> optional)
      throws InvalidCheckpoint {
    check(tensors, optional.stream().filter(want -> tensors.containsKey(want.name())).toList());
  }
}
