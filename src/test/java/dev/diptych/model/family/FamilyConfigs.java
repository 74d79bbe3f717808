package dev.diptych.model.family;

import dev.diptych.model.ConfigFile;
import dev.diptych.model.blueprint.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The config.json of fixtures, with some fields changed. */
final class FamilyConfigs {

  static final Path FIXTURES = Path.of("src/test/resources/families");

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private FamilyConfigs() {}

  /**
   * The blueprint of a fixture whose config.json is changed.
   *
   * @param changes a JSON object
   */
  static Blueprint read(Path folder, String fixture, String changes) throws IOException {
    ObjectNode config = json(fixture);
    config.setAll((ObjectNode) MAPPER.readTree(changes));
    return parse(folder, config.toString());
  }

  /**
   * The config.json of a fixture, to be changed. It has every field of the class in transformers.
   */
  static ObjectNode json(String fixture) {
    return (ObjectNode) MAPPER.readTree(FIXTURES.resolve(fixture).resolve("config.json").toFile());
  }

  /** The same beside the fields that every class has, and those that transformers 4 had besides. */
  static ConfigFile complete(Path folder, String fixture) throws IOException {
    ObjectNode config = (ObjectNode) MAPPER.readTree(Configs.OF_ALL);
    config.setAll(json(fixture));
    Files.writeString(folder.resolve("config.json"), config.toString());
    return ConfigFile.read(folder, "config.json");
  }

  /** The blueprint of a config.json. */
  static Blueprint parse(Path folder, String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    return BlueprintReader.read(folder);
  }

  /** The config.json of a fixture. */
  static ConfigFile of(String fixture) throws IOException {
    return ConfigFile.read(FIXTURES.resolve(fixture), "config.json");
  }
}
