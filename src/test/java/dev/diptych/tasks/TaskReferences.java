package dev.diptych.tasks;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the pipelines of transformers answer, as {@code make_references.py} wrote it down. */
final class TaskReferences {

  static final double TOLERANCE = 1e-4;

  private static final Path FOLDER = Path.of("src/test/resources/tasks");

  private TaskReferences() {}

  static List<JsonNode> cases(String name) {
    return JsonMapper.shared()
        .readTree(FOLDER.resolve(name + ".json"))
        .get("cases")
        .valueStream()
        .toList();
  }
}
