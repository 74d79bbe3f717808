package dev.diptych.torchscript;

import ai.djl.pytorch.jni.IValue;
import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's tensors as libtorch sees them: views into mappings of the files, nothing copied on
 * a CPU.
 */
final class MappedWeights implements AutoCloseable {

  private record Mapping(Path file, ElementType type) {}

  private final TorchModule script;
  private final String device;
  private final Map<Mapping, IValue> mappings = new HashMap<>();
  private final Map<String, IValue> tensors = new LinkedHashMap<>();

  private MappedWeights(TorchModule script, String device) {
    this.script = script;
    this.device = device;
  }

  /** Maps tensors under the names that the map gives them. */
  static MappedWeights open(TorchRuntime runtime, Map<String, StoredTensor> stored)
      throws IOException {
    try (TorchModule script = TorchModule.load(runtime, List.of(ScriptSource.read("weights")))) {
      MappedWeights weights = new MappedWeights(script, runtime.deviceName());
      try {
        for (Map.Entry<String, StoredTensor> entry : stored.entrySet()) {
          weights.tensors.put(entry.getKey(), weights.view(entry.getValue()));
        }
      } catch (IOException | RuntimeException e) {
        weights.close();
        throw e;
      }
      return weights;
    }
  }

  private IValue view(StoredTensor tensor) throws IOException {
    int width = tensor.type().bytes();
    if (tensor.fileOffset() % width != 0) {
      throw new InvalidCheckpoint(
          "%s: tensor %s starts at byte %d, which is no multiple of its %d-byte elements"
              .formatted(tensor.file(), tensor.name(), tensor.fileOffset(), width));
    }
    Mapping key = new Mapping(tensor.file(), tensor.type());
    IValue mapping = mappings.get(key);
    if (mapping == null) {
      mapping =
          script.prepare(
              "map",
              script
                  .arguments()
                  .text(tensor.file().toString())
                  .integer(Files.size(tensor.file()) / width)
                  .integer(scalarType(tensor.type())));
      mappings.put(key, mapping);
    }
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return script.prepare(
        "view",
        script
            .arguments()
            .borrow(mapping)
            .integers(shape)
            .integers(rowMajor(shape))
            .integer(tensor.fileOffset() / width)
            .text(device));
  }

  private static long[] rowMajor(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }

  /** The number that libtorch gives a scalar type. */
  private static int scalarType(ElementType type) {
    return switch (type) {
      case U8 -> 0;
      case I8 -> 1;
      case I16 -> 2;
      case I32 -> 3;
      case I64 -> 4;
      case F16 -> 5;
      case F32 -> 6;
      case F64 -> 7;
      case BOOL -> 11;
      case BF16 -> 15;
    };
  }

  /** The tensors by name, as an argument for {@code init}. */
  IValue dictionary() {
    return IValue.stringIValueMapFrom(tensors);
  }

  @Override
  public void close() {
    tensors.values().forEach(IValue::close);
    mappings.values().forEach(IValue::close);
  }
}
