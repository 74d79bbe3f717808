package dev.diptych.tokenization;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

  /** A copy of a checkpoint's tokenizer whose settings name a class. */
  static Path withClass(Path folder, Path copy, String tokenizerClass) throws IOException {
    Files.copy(folder.resolve("tokenizer.json"), copy.resolve("tokenizer.json"));
    ObjectNode settings = (ObjectNode) json(folder.resolve("tokenizer_config.json"));
    settings.put("tokenizer_class", tokenizerClass);
    Files.writeString(copy.resolve("tokenizer_config.json"), settings.toString());
    return copy;
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
