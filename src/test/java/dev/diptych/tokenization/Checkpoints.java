package dev.diptych.tokenization;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tiny checkpoints and golden files among the test resources. */
final class Checkpoints {

  private static final Path RESOURCES = Path.of("src/test/resources");

  private Checkpoints() {}

  static Path folder(String name) {
    return RESOURCES.resolve("checkpoints").resolve(name);
  }

  static Path resource(String path) {
    return RESOURCES.resolve(path);
  }

  static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file);
  }

  static JsonNode parsed(String json) {
    return JsonMapper.shared().readTree(json);
  }

  static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }
}
