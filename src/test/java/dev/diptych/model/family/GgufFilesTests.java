package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diptych.checkpoint.ElementType;
import dev.diptych.checkpoint.GgufModel;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.checkpoint.TensorReader;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GGUF files that llama.cpp's converter made of the checkpoints in {@code families}: they must say
 * the same network, and hold the same numbers for it.
 */
class GgufFilesTests {

  private static final Path FILES = Path.of("src/test/resources/gguf");
  private static final Path ORIGINALS = Path.of("src/test/resources/families");

  @TempDir Path folder;

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".gguf", ""))
          .sorted()
          .toList();
    }
  }

  private Blueprint blueprint(String name) throws IOException {
    GgufModel model = GgufModel.read(FILES.resolve(name + ".gguf"));
    model.writeFiles(folder, GgufConfiguration.of(model));
    return BlueprintReader.read(folder);
  }

  /** What GGUF files do not keep, as fields of the original's config.json. */
  private static String lost(String name) {
    return switch (name) {
      case "gemma2", "gemma3", "embedding-gemma" -> "{\"query_pre_attn_scalar\":32}";
      case "mistral" -> "{\"sliding_window\":null}";
      case "falcon" -> "{\"max_position_embeddings\":2048}";
      case "qwen3-embedding" -> "{\"tie_word_embeddings\":true}"; // its head is not stored
      default -> "{}";
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void sayTheSameNetwork(String name) throws IOException {
    Path changed = Files.createDirectory(folder.resolve("original"));
    Blueprint original = FamilyConfigs.read(changed, name, lost(name));

    assertThat(SameNetwork.of(blueprint(name))).isEqualTo(SameNetwork.of(original));
  }

  @ParameterizedTest
  @MethodSource("names")
  void holdTheSameNumbers(String name) throws IOException {
    Blueprint blueprint = blueprint(name);
    Blueprint original = BlueprintReader.read(ORIGINALS.resolve(name));
    GgufModel model = GgufModel.readWithoutTokenizer(FILES.resolve(name + ".gguf"));
    WeightNames names = Families.weights(blueprint, model);
    WeightNames originals = Families.weights(original);
    Map<String, StoredTensor> stored = Safetensors.readFolder(ORIGINALS.resolve(name));
    for (Slot slot : Slots.of(blueprint)) {
      float[] expected = values(slot, originals, stored);
      if (SameNetwork.addsOne(original, slot)) {
        for (int i = 0; i < expected.length; i++) {
          expected[i] += 1;
        }
      }
      assertThat(values(slot, names, model.tensors())).as(slot.name()).containsExactly(expected);
    }
  }

  private static float[] values(Slot slot, WeightNames names, Map<String, StoredTensor> tensors)
      throws IOException {
    for (WeightNames.Stored place : names.of(slot.name())) {
      StoredTensor tensor = tensors.get(place.name());
      if (tensor != null) {
        assertThat(tensor.shape()).as(place.name()).isEqualTo(place.part().stored(slot.shape()));
        return cut(place.part().view(slot.shape()), all(tensor));
      }
    }
    throw new AssertionError("no tensor for " + slot.name() + ": " + names.of(slot.name()));
  }

  private static float[] all(StoredTensor tensor) throws IOException {
    float[] values = new float[(int) tensor.elements()];
    int width = tensor.type() instanceof ElementType type ? type.bytes() : Float.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
    try (TensorReader reader = TensorReader.open(tensor)) {
      reader.read(0, bytes);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case ElementType.F16 -> Float.float16ToFloat(bytes.getShort());
            case ElementType.BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            default -> bytes.getFloat();
          };
    }
    return values;
  }

  private static float[] cut(Part.View view, float[] all) {
    int count = (int) view.shape().stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      long rest = i;
      long at = view.offset();
      for (int dimension = view.shape().size() - 1; dimension >= 0; dimension--) {
        at += rest % view.shape().get(dimension) * view.strides().get(dimension);
        rest /= view.shape().get(dimension);
      }
      values[i] = all[(int) at];
    }
    return values;
  }
}
