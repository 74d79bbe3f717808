package dev.diptych.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The files of sentence-transformers' modules, wherever modules.json says that they are. */
final class SentenceModules {

  static final String FILE = "modules.json";

  /** The usual ones, for repositories without modules.json. */
  static final Set<String> USUAL =
      Set.of("1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors");

  private static final int LARGEST = 256 << 10;

  private SentenceModules() {}

  /** Files that the modules may have. */
  static Set<String> files(Path modules) throws IOException {
    Set<String> files = new LinkedHashSet<>();
    for (JsonNode module : BoundedJson.read(modules, LARGEST).values()) {
      String folder = module.path("path").asString("").replaceAll("/+$", "");
      if (!folder.isEmpty()) {
        files.add(folder + "/config.json");
        files.add(folder + "/model.safetensors");
      }
    }
    return files;
  }
}
