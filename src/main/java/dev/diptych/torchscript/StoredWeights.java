package dev.diptych.torchscript;

import dev.diptych.checkpoint.InvalidCheckpoint;
import dev.diptych.checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tensors of a checkpoint, to be found by the names of a forward pass. */
final class StoredWeights {

  private static final Logger log = LoggerFactory.getLogger(StoredWeights.class);

  private static final Pattern OF_LAYER = Pattern.compile("(?:^|\\.)(?:h|layers?)\\.(\\d{1,6})\\.");
  private static final Pattern OTHER_COMPUTATION =
      Pattern.compile(
          ".*(lora_|adapter|ia3_|base_layer|modules_to_save|qweight|qzeros|g_idx|absmax"
              + "|quant_state|quant_map|weight_scale|_scale_inv|input_scale|\\.SCB|weight_format).*");
  private static final int LONGEST_NAME = 120;
  private static final int SAMPLE_BYTES = 1 << 16;

  private final TensorNames names;
  private final Map<String, StoredTensor> stored;
  private final Set<String> used = new HashSet<>();

  StoredWeights(TensorNames names, Map<String, StoredTensor> stored) {
    this.names = names;
    this.stored = stored;
  }

  /** Whether the checkpoint has a tensor, under whatever name. */
  boolean has(String name) {
    return names.of(name).stream().anyMatch(stored::containsKey);
  }

  /**
   * The tensors of a forward pass under its names, in their order.
   *
   * @param wanted all that it needs
   * @param tied whether the output layer is the embeddings, so that either may be stored
   * @param layers that are computed
   * @throws InvalidCheckpoint if one is missing, stands there twice or has another shape, or if a
   *     layer has a tensor that is not computed
   */
  Map<String, StoredTensor> select(List<WeightShape> wanted, boolean tied, int layers)
      throws IOException {
    Map<String, StoredTensor> selected = new LinkedHashMap<>();
    for (WeightShape want : wanted) {
      selected.put(want.name(), found(want, tied));
    }
    WeightShape.check(selected, wanted);
    if (tied) {
      forgetHead(selected.get(names.embedding()));
    }
    checkRest(layers);
    return selected;
  }

  private StoredTensor found(WeightShape want, boolean tied) throws InvalidCheckpoint {
    StoredTensor tensor = find(want.name());
    if (tensor == null && tied && want.name().equals(names.embedding())) {
      tensor = find(names.head());
    }
    if (tensor == null) {
      throw new InvalidCheckpoint(
          "the checkpoint lacks the tensor %s".formatted(names.of(want.name()).getFirst()));
    }
    return tensor;
  }

  private @Nullable StoredTensor find(String name) throws InvalidCheckpoint {
    List<String> there = names.of(name).stream().filter(stored::containsKey).toList();
    used.addAll(there);
    boolean aliases = names.heads().keySet().stream().anyMatch(name::equals);
    if (there.size() > 1 && !aliases) {
      throw new InvalidCheckpoint(
          "two tensors stand for the same: %s and %s".formatted(there.getFirst(), there.get(1)));
    }
    return there.isEmpty() ? null : stored.get(there.getFirst());
  }

  private void forgetHead(@Nullable StoredTensor embedding) throws IOException {
    for (String name : names.of(names.head())) {
      StoredTensor head = stored.get(name);
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
