package dev.diptych.model.family;

import static dev.diptych.model.CheckpointJson.shortened;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Head;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the classes of a classifier: {@code id2label}, {@code num_labels}, {@code problem_type}.
 */
final class LabelFields {

  private static final int MOST = 100_000;
  private static final int USUAL = 2; // labels where config.json names none

  private LabelFields() {}

  static Head.Labels read(ConfigFile config) throws IOException {
    String problem =
        config.oneOf(
            "problem_type",
            "",
            "single_label_classification",
            "multi_label_classification",
            "regression");
    return new Head.Labels(names(config), problem.isEmpty() ? null : problem);
  }

  private static List<String> names(ConfigFile config) throws IOException {
    @Nullable JsonNode names = config.find("id2label");
    int count =
        config.count(1, MOST, names == null ? USUAL : Math.max(1, names.size()), "num_labels");
    if (names != null && (!names.isObject() || names.size() != count)) {
      throw new IOException(
          "%s: id2label must name each of %d labels (got %s)"
              .formatted(config.name(), count, shortened(names)));
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      labels.add(label(config, names, i));
    }
    return labels;
  }

  private static String label(ConfigFile config, @Nullable JsonNode names, int number)
      throws IOException {
    if (names == null) {
      return "LABEL_" + number;
    }
    JsonNode name = names.get(Integer.toString(number));
    if (name == null || !name.isValueNode()) {
      throw new IOException("%s: id2label does not name label %d".formatted(config.name(), number));
    }
    return name.asString();
  }
}
