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

  /** The same, which may have no bias. */
  static List<WeightShape> linear(String name, long outputs, long inputs, boolean bias) {
    List<WeightShape> both = linear(name, outputs, inputs);
    return bias ? both : both.subList(0, 1);
  }

  /** Weight and bias of a layer norm. */
  static List<WeightShape> norm(String name, long width) {
    return List.of(of(name + ".weight", width), of(name + ".bias", width));
  }

  /** Refuses a checkpoint that lacks a tensor, or has it in another shape or quantized. */
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
      if (!tensor.type().isPlainFloat()) {
        throw notPlain(tensor);
      }
    }
  }

  static InvalidCheckpoint notPlain(StoredTensor tensor) {
    return new InvalidCheckpoint(
        "tensor %s is stored as %s; F64, F32, F16 and BF16 are supported"
            .formatted(tensor.name(), tensor.type()));
  }
}
