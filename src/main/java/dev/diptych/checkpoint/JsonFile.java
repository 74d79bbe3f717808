package dev.diptych.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the JSON files of a checkpoint folder. */
final class JsonFile {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  /** An object whose members keep the order of the arguments: name, value, name, value… */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = LinkedHashMap.newLinkedHashMap(namesAndValues.length / 2);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /** The content of a file. */
  static byte[] bytes(Map<String, ?> content) {
    return MAPPER.writeValueAsBytes(content);
  }

  /** Creates the file; one that exists is an error. */
  static void write(Path folder, String name, Map<String, ?> content) throws IOException {
    Files.write(folder.resolve(name), bytes(content), StandardOpenOption.CREATE_NEW);
  }
}
