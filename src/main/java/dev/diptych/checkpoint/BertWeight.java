package dev.diptych.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A weight of BERT under its TensorFlow and its Hugging Face name.
 *
 * @param shape Hugging Face's shape, row-major
 * @param transposed whether TensorFlow stores it the other way round, {@code [in, out]}
 */
record BertWeight(StoredTensor source, String name, List<Long> shape, boolean transposed) {

  private static final Pattern LAYER = Pattern.compile("bert\\.encoder\\.layer_(\\d{1,4})\\.");

  private static final Map<String, String> LAST_PART =
      Map.of(
          "kernel", "weight",
          "gamma", "weight",
          "beta", "bias",
          "output_bias", "bias",
          "output_weights", "weight");

  /** The weight that a tensor holds; none for what training leaves behind. */
  static Optional<BertWeight> of(StoredTensor tensor) {
    String path = tensor.name();
    if (path.startsWith("module/")) {
      path = path.substring("module/".length());
    }
    List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
    String last = parts.getLast();
    boolean known = parts.getFirst().equals("bert") || parts.getFirst().equals("cls");
    if (!known || last.startsWith("adam_") || last.equals("global_step")) {
      return Optional.empty();
    }
    if (last.endsWith("_embeddings")) {
      parts.add("weight");
    } else {
      parts.set(parts.size() - 1, LAST_PART.getOrDefault(last, last));
    }
    String name = String.join(".", parts);
    Matcher layer = LAYER.matcher(name);
    String huggingFaceName = layer.replaceFirst("bert.encoder.layer.$1.");
    boolean transposed = last.equals("kernel") && tensor.shape().size() == 2;
    return Optional.of(
        new BertWeight(
            tensor,
            huggingFaceName,
            transposed ? tensor.shape().reversed() : tensor.shape(),
            transposed));
  }
}
