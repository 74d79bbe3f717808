package dev.diptych.torchscript;

import ai.djl.pytorch.jni.IValue;
import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's tensors as libtorch sees them: views into mappings of the files, nothing copied on
 * a CPU but what does not lie at a multiple of its element size.
 */
final class MappedWeights implements AutoCloseable {

  private static final long PIECE_ELEMENTS = 1L << 24;

  private record Mapping(Path file, int scalarType) {}

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
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    if (tensor.fileOffset() % width != 0) {
      return copy(tensor, shape);
    }
    return script.prepare(
        "view",
        script
            .arguments()
            .borrow(mapping(tensor.file(), scalarType(tensor), width))
            .integers(shape)
            .integers(rowMajor(shape))
            .integer(tensor.fileOffset() / width)
            .text(device));
  }

  private IValue copy(StoredTensor tensor, long[] shape) throws IOException {
    long elements = tensor.elements();
    try (IValue whole =
            script.prepare(
                "empty", script.arguments().integer(elements).integer(scalarType(tensor)));
        FileChannel file = FileChannel.open(tensor.file())) {
      for (long begin = 0; begin < elements; begin += PIECE_ELEMENTS) {
        long end = Math.min(elements, begin + PIECE_ELEMENTS);
        try (IValue piece =
            script.prepare("piece", script.arguments().borrow(whole).integer(begin).integer(end))) {
          script.fill(piece, file, tensor.fileOffset() + begin * tensor.type().bytes());
        }
      }
      return script.prepare(
          "shaped", script.arguments().borrow(whole).integers(shape).text(device));
    }
  }

  private IValue mapping(Path file, int scalarType, int width) throws IOException {
    Mapping key = new Mapping(file, scalarType);
    IValue mapping = mappings.get(key);
    if (mapping == null) {
      mapping =
          script.prepare(
              "map",
              script
                  .arguments()
                  .text(file.toString())
                  .integer(Files.size(file) / width)
                  .integer(scalarType));
      mappings.put(key, mapping);
    }
    return mapping;
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

  /** The number that libtorch gives the type of a weight. */
  private static int scalarType(StoredTensor tensor) throws InvalidCheckpoint {
    return switch (tensor.type()) {
      case F16 -> 5;
      case F32 -> 6;
      case F64 -> 7;
      case BF16 -> 15;
      default -> throw WeightShape.notPlain(tensor);
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
