package dev.diptych.torchscript;

import ai.djl.pytorch.jni.IValue;
import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.checkpoint.TensorReader;
import dev.diptych.model.family.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's tensors as libtorch sees them: views into mappings of the files, nothing copied on
 * a CPU but what is quantised, or does not lie at a multiple of its element size.
 */
final class MappedWeights implements AutoCloseable {

  private static final long PIECE_ELEMENTS = 1L << 24;
  private static final int FLOAT32 = 6; // as libtorch numbers it

  private record Mapping(Path file, int scalarType) {}

  private final TorchModule script;
  private final String device;
  private final Map<Mapping, IValue> mappings = new HashMap<>();

  /** For the tensors of some files on the device of a runtime. */
  MappedWeights(TorchRuntime runtime) {
    this.script = TorchModule.load(runtime, List.of(ScriptSource.read("weights")));
    this.device = runtime.deviceName();
  }

  /** A use of tensors by name. */
  interface Use {
    void of(IValue dictionary) throws IOException;
  }

  /** Makes tensors by name for the time of a call, which does not close them. */
  void use(Map<String, WeightView> views, Use use) throws IOException {
    Map<String, IValue> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, WeightView> entry : views.entrySet()) {
        tensors.put(entry.getKey(), tensor(entry.getValue()));
      }
      try (IValue dictionary = IValue.stringIValueMapFrom(tensors)) {
        use.of(dictionary);
      }
    } finally {
      tensors.values().forEach(IValue::close);
    }
  }

  private IValue tensor(WeightView weight) throws IOException {
    StoredTensor tensor = weight.tensor();
    List<Long> target = weight.slot().shape();
    Part.View view = weight.part().view(target);
    if (tensor.type() instanceof ElementType type && tensor.fileOffset() % type.bytes() == 0) {
      return view(
          mapping(tensor.file(), scalarType(tensor), type.bytes()),
          view,
          tensor.fileOffset() / type.bytes() + weight.firstElement() + view.offset(),
          target);
    }
    try (IValue copy = copy(weight)) {
      return view(copy, view, view.offset(), target);
    }
  }

  private IValue view(IValue elements, Part.View view, long offset, List<Long> target) {
    return script.prepare(
        "view",
        script
            .arguments()
            .borrow(elements)
            .integers(longs(view.shape()))
            .integers(longs(view.strides()))
            .integer(offset)
            .integers(longs(target))
            .text(device));
  }

  private static long[] longs(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  /** The elements that a view reads, in memory of their own, in a row. */
  private IValue copy(WeightView weight) throws IOException {
    StoredTensor tensor = weight.tensor();
    long elements = weight.elements();
    IValue whole =
        script.prepare("empty", script.arguments().integer(elements).integer(scalarType(tensor)));
    try (TensorReader reader = TensorReader.open(tensor)) {
      for (long begin = 0; begin < elements; begin += PIECE_ELEMENTS) {
        long first = weight.firstElement() + begin;
        long end = Math.min(elements, begin + PIECE_ELEMENTS);
        try (IValue piece =
            script.prepare("piece", script.arguments().borrow(whole).integer(begin).integer(end))) {
          script.fill(piece, memory -> reader.read(first, memory));
        }
      }
      return whole;
    } catch (IOException | RuntimeException e) {
      whole.close();
      throw e;
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

  /** The number that libtorch gives the type of a weight. */
  private static int scalarType(StoredTensor tensor) throws InvalidCheckpoint {
    if (tensor.isQuantised()) {
      return FLOAT32;
    }
    return switch (tensor.type()) {
      case ElementType.F16 -> 5;
      case ElementType.F32 -> FLOAT32;
      case ElementType.F64 -> 7;
      case ElementType.BF16 -> 15;
      default ->
          throw new InvalidCheckpoint(
              "tensor %s is stored as %s".formatted(tensor.name(), tensor.type()));
    };
  }

  @Override
  public void close() {
    mappings.values().forEach(IValue::close);
    script.close();
  }
}
