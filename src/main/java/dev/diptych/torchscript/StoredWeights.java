package dev.diptych.torchscript;

import dev.diptych.checkpoint.GgufModel;
import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.Safetensors;
import dev.diptych.checkpoint.StoredTensor;
import dev.diptych.checkpoint.WeightFiles;
import dev.diptych.model.blueprint.Blueprint;
import dev.diptych.model.blueprint.Head;
import dev.diptych.model.blueprint.Slot;
import dev.diptych.model.blueprint.Slots;
import dev.diptych.model.family.Families;
import dev.diptych.model.family.WeightNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensors of a checkpoint, to be found by the slots of a blueprint. */
final class StoredWeights {

  private static final Logger log = LoggerFactory.getLogger(StoredWeights.class);

  private static final Pattern OF_LAYER =
      Pattern.compile("(?:^|\\.)(?:h|layers?|blocks?|blk)\\.(\\d{1,6})\\.");
  private static final Pattern OTHER_COMPUTATION =
      Pattern.compile(
          ".*(lora_|adapter|ia3_|base_layer|modules_to_save|qweight|qzeros|g_idx|absmax"
              + "|quant_state|quant_map|weight_scale|_scale_inv|input_scale|\\.SCB|weight_format).*");
  private static final int LONGEST_NAME = 120;
  private static final int SAMPLE_BYTES = 1 << 16;

  private final WeightNames names;
  private final Map<String, StoredTensor> stored;
  private final Set<String> used = new HashSet<>();

  StoredWeights(WeightNames names, Map<String, StoredTensor> stored) {
    this.names = names;
    this.stored = stored;
  }

  /** Those of the checkpoint in a folder, in whichever format they lie there. */
  static StoredWeights read(Path folder, Blueprint blueprint) throws IOException {
    Optional<Path> gguf = WeightFiles.gguf(folder);
    if (gguf.isPresent()) {
      GgufModel model = GgufModel.readWithoutTokenizer(gguf.get());
      return new StoredWeights(Families.weights(blueprint, model), model.tensors());
    }
    return new StoredWeights(Families.weights(blueprint), Safetensors.readFolder(folder));
  }

  /** Whether the checkpoint has a tensor for a slot, under whatever name. */
  boolean has(String slot) {
    return names.of(slot).stream().anyMatch(candidate -> stored.containsKey(candidate.name()));
  }

  /**
   * The tensors of a blueprint by slot, in their order.
   *
   * @throws InvalidCheckpoint if one is missing, stands there twice, or has another shape or type,
   *     or if a layer has a tensor that is not computed
   */
  Map<String, WeightView> select(Blueprint blueprint) throws IOException {
    boolean tied = isTied(blueprint.head());
    Map<String, WeightView> selected = new LinkedHashMap<>();
    for (Slot slot : Slots.of(blueprint)) {
      selected.put(slot.name(), found(slot, tied));
    }
    if (tied) {
      forgetHead(selected.get(Slots.TOKENS));
    }
    checkRest(blueprint.layers().size());
    return selected;
  }

  private static boolean isTied(Head head) {
    return switch (head) {
      case Head.LanguageModel model -> model.tied();
      case Head.MaskedLanguageModel model -> model.tied();
      case Head.None _,
          Head.SequenceClassifier _,
          Head.TokenClassifier _,
          Head.QuestionAnswering _ ->
          false;
    };
  }

  private WeightView found(Slot slot, boolean tied) throws InvalidCheckpoint {
    WeightNames.Stored place = find(slot.name());
    if (place == null && tied && slot.name().equals(Slots.TOKENS)) {
      place = find(Slots.OUTPUT);
    }
    StoredTensor tensor = place == null ? null : stored.get(place.name());
    if (place == null || tensor == null) {
      throw new InvalidCheckpoint(
          "the checkpoint lacks the tensor %s".formatted(names.of(slot.name()).getFirst().name()));
    }
    List<Long> shape = place.part().stored(slot.shape());
    if (!tensor.shape().equals(shape)) {
      throw new InvalidCheckpoint(
          "tensor %s has shape %s, but config.json promises %s"
              .formatted(tensor.name(), tensor.shape(), shape));
    }
    if (!tensor.type().canBeWeights()) {
      throw new InvalidCheckpoint(
          "tensor %s is stored as %s; F64, F32, F16 and BF16 are supported"
              .formatted(tensor.name(), tensor.type()));
    }
    return new WeightView(slot, tensor, place.part());
  }

  private WeightNames.@Nullable Stored find(String slot) throws InvalidCheckpoint {
    List<WeightNames.Stored> there =
        names.of(slot).stream().filter(place -> stored.containsKey(place.name())).toList();
    there.forEach(place -> used.add(place.name()));
    if (there.size() > 1 && !there.getFirst().alias()) {
      throw new InvalidCheckpoint(
          "two tensors stand for the same: %s and %s"
              .formatted(there.getFirst().name(), there.get(1).name()));
    }
    return there.isEmpty() ? null : there.getFirst();
  }

  private void forgetHead(@Nullable WeightView embeddings) throws IOException {
    for (WeightNames.Stored place : names.of(Slots.OUTPUT)) {
      String name = place.name();
      StoredTensor head = stored.get(name);
      StoredTensor embedding = embeddings == null ? null : embeddings.tensor();
      if (head != null && embedding != null && !head.equals(embedding)) {
        used.add(name);
        if (!sameBeginning(head, embedding)) {
          log.warn(
              "{} of {} is not used: config.json ties the output layer to {}, which differs from"
                  + " it",
              name,
              head.file().getFileName(),
              embedding.name());
        }
      }
    }
  }

  private static boolean sameBeginning(StoredTensor a, StoredTensor b) throws IOException {
    return a.type() == b.type() && a.shape().equals(b.shape()) && beginning(a).equals(beginning(b));
  }

  private static ByteBuffer beginning(StoredTensor tensor) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(SAMPLE_BYTES, tensor.byteLength()));
    try (FileChannel channel = FileChannel.open(tensor.file())) {
      int read = 0;
      while (bytes.hasRemaining() && read >= 0) {
        read = channel.read(bytes, tensor.fileOffset() + bytes.position());
      }
    }
    return bytes.flip();
  }

  private void checkRest(int layers) throws InvalidCheckpoint {
    Set<String> unknown = new TreeSet<>();
    for (String name : stored.keySet()) {
      if (!used.contains(name) && !names.unused().matcher(name).matches()) {
        if (OTHER_COMPUTATION.matcher(name).matches() || isOfLayer(name, layers)) {
          throw new InvalidCheckpoint(
              "the checkpoint has the tensor %s, which its model_type and config.json do not have"
                  .formatted(shortened(name)));
        }
        unknown.add(shortened(name));
      }
    }
    if (!unknown.isEmpty()) {
      log.warn(
          "{} tensors of the checkpoint are not used, such as {}", unknown.size(), first(unknown));
    }
  }

  private static boolean isOfLayer(String name, int layers) {
    Matcher matcher = OF_LAYER.matcher(name);
    return matcher.find() && Integer.parseInt(matcher.group(1)) < layers;
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }

  private static List<String> first(Set<String> names) {
    return names.stream().limit(3).toList();
  }
}
