package dev.diptych.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each checkpoint of src/test/resources/families has exactly the tensors that its blueprint asks
 * for, in the shapes that the names of its family say.
 */
class FamilyWeightsTests {

  private static final Path FAMILIES = Path.of("src/test/resources/families");

  /** Checkpoints that are not computed, and what their refusals name. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "qwen3-moe", "mixture of experts",
          "qwen3-5", "gated delta net",
          "lfm2", "short convolutions");

  static List<String> computed() throws IOException {
    return folders().filter(name -> !REFUSED.containsKey(name)).toList();
  }

  private static Stream<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(FAMILIES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("computed")
  void everyTensorIsWhereTheFamilySaysAndNoneIsLeftOver(String name) throws IOException {
    Map<String, StoredTensor> stored = Safetensors.readFolder(FAMILIES.resolve(name));
    Blueprint blueprint = ofStored(BlueprintReader.read(FAMILIES.resolve(name)), stored);
    WeightNames names = Families.weights(blueprint);
    Set<String> leftOver = new HashSet<>(stored.keySet());
    for (Slot slot : Slots.of(blueprint)) {
      List<WeightNames.Stored> found = found(names, slot, stored);
      assertThat(found).as(slot.name()).isNotEmpty();
      for (WeightNames.Stored tensor : found) {
        assertThat(shape(stored, tensor.name()))
            .as("%s in %s", slot.name(), tensor.name())
            .isEqualTo(tensor.part().stored(slot.shape()));
        leftOver.remove(tensor.name());
      }
    }
    leftOver.removeIf(tensor -> names.unused().matcher(tensor).matches());
    assertThat(leftOver).isEmpty();
  }

  @Test
  void exactlyTheseCheckpointsAreRefused() throws IOException {
    Map<String, String> refusals = new TreeMap<>();
    folders()
        .forEach(
            name -> {
              try {
                BlueprintReader.read(FAMILIES.resolve(name));
              } catch (IOException e) {
                refusals.put(name, e.getMessage());
              }
            });
    assertThat(refusals).containsOnlyKeys(REFUSED.keySet());
    REFUSED.forEach((name, why) -> assertThat(refusals.get(name)).contains(why));
  }

  @Test
  void everyPartOfATensorThatIsStoredTogetherIsReadOnce() throws IOException {
    for (String name : List.of("gpt2", "phi3", "gpt-neox", "falcon")) {
      Map<String, StoredTensor> stored = Safetensors.readFolder(FAMILIES.resolve(name));
      Blueprint blueprint = BlueprintReader.read(FAMILIES.resolve(name));
      WeightNames names = Families.weights(blueprint);
      Map<String, Set<Long>> read = new TreeMap<>();
      for (Slot slot : Slots.of(blueprint)) {
        for (WeightNames.Stored tensor : found(names, slot, stored)) {
          Set<Long> elements = read.computeIfAbsent(tensor.name(), _ -> new HashSet<>());
          collect(tensor.part().view(slot.shape()), 0, 0, elements, name + " " + slot.name());
        }
      }
      read.forEach(
          (tensor, elements) -> {
            long count = shape(stored, tensor).stream().reduce(1L, (a, b) -> a * b);
            assertThat(elements).as(tensor).hasSize((int) count).allMatch(e -> e < count);
          });
    }
  }

  private static void collect(
      Part.View view, int dimension, long offset, Set<Long> elements, String what) {
    if (dimension == view.shape().size()) {
      assertThat(elements.add(view.offset() + offset)).as(what).isTrue();
      return;
    }
    for (long i = 0; i < view.shape().get(dimension); i++) {
      collect(view, dimension + 1, offset + i * view.strides().get(dimension), elements, what);
    }
  }

  @Test
  void aSlotThatAFamilyDoesNotKnowIsAFault() throws IOException {
    Blueprint blueprint = BlueprintReader.read(FAMILIES.resolve("llama-tied"));
    assertThat(Families.weights(blueprint).of("layer.1.attention.query.weight").getFirst().name())
        .isEqualTo("model.layers.1.self_attn.q_proj.weight");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Families.weights(blueprint).of("embedding.positions.weight"))
        .withMessageContaining("embedding.positions.weight");
  }

  @Test
  void aFamilyThatNobodyKnowsIsRefusedWithThoseThatAre() {
    assertThatIOException()
        .isThrownBy(() -> Families.of("made_up"))
        .withMessageContaining("made_up")
        .withMessageContaining("gemma3_text, gpt2");
  }

  /* A checkpoint may hold the network alone. */
  private static Blueprint ofStored(Blueprint blueprint, Map<String, StoredTensor> stored)
      throws IOException {
    WeightNames names = Families.weights(blueprint);
    boolean hasHead =
        Slots.of(blueprint).stream()
            .filter(slot -> slot.name().startsWith("head."))
            .allMatch(slot -> !found(names, slot, stored).isEmpty());
    return hasHead ? blueprint : blueprint.with(new Head.None());
  }

  private static List<WeightNames.Stored> found(
      WeightNames names, Slot slot, Map<String, StoredTensor> stored) {
    return names.of(slot.name()).stream()
        .filter(tensor -> stored.containsKey(tensor.name()))
        .toList();
  }

  private static List<Long> shape(Map<String, StoredTensor> stored, String name) {
    return Objects.requireNonNull(stored.get(name), name).shape();
  }
}
