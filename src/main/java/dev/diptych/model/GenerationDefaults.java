package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What generation_config.json, or else config.json, says about ending a text.
 *
 * @param endOfTextIds tokens that end a generation; may be empty
 */
public record GenerationDefaults(Set<Integer> endOfTextIds) {

  public GenerationDefaults {
    endOfTextIds = Set.copyOf(endOfTextIds);
  }

  public static GenerationDefaults read(Path folder) throws IOException {
    JsonNode ids = endOfText(ConfigFile.readIfPresent(folder.resolve("generation_config.json")));
    if (ids == null) {
      ids = endOfText(ConfigFile.read(folder.resolve("config.json")));
    }
    Set<Integer> endOfText = new LinkedHashSet<>();
    if (ids != null && ids.isIntegralNumber()) {
      endOfText.add(ids.intValue());
    }
    if (ids != null && ids.isArray()) {
      ids.values().stream()
          .filter(JsonNode::isIntegralNumber)
          .forEach(id -> endOfText.add(id.intValue()));
    }
    return new GenerationDefaults(endOfText);
  }

  private static @Nullable JsonNode endOfText(@Nullable ConfigFile file) {
    return file == null ? null : file.find("eos_token_id");
  }
}
