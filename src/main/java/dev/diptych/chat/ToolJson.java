package dev.diptych.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tools and the arguments of calls as JSON. */
final class ToolJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ToolJson() {}

  /** A tool as templates know it: {@code {"type": "function", "function": {…}}}. */
  static Map<String, Object> described(Tool tool) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", tool.name());
    if (tool.description() != null) {
      function.put("description", tool.description());
    }
    function.put("parameters", parameters(tool));
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("type", "function");
    described.put("function", function);
    return described;
  }

  /** The schema of a tool's arguments; that of an empty object if it takes none. */
  static JsonNode parameters(Tool tool) {
    if (tool.parameters() != null) {
      return tool.parameters();
    }
    ObjectNode none = JSON.createObjectNode();
    none.put("type", "object");
    none.putObject("properties");
    return none;
  }

  /** The schema that forced arguments must fit: always an object, with nothing in it for null. */
  static JsonNode argumentsSchema(Tool tool) {
    JsonNode given = parameters(tool);
    if (tool.parameters() == null && given instanceof ObjectNode none) {
      return none.put("additionalProperties", false);
    }
    boolean saysMore = Stream.of("type", "$ref", "anyOf", "oneOf", "allOf").anyMatch(given::has);
    return given instanceof ObjectNode schema && !saysMore
        ? schema.deepCopy().put("type", "object")
        : given;
  }

  /** Arguments as an object; null if the text is none. */
  static @Nullable ObjectNode object(String text) {
    if (text.isBlank()) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(text) instanceof ObjectNode object ? object : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  static String write(Object value) {
    return JSON.writeValueAsString(value);
  }

  /** A call as Hermes's models write it. */
  static String call(ToolCall call) {
    ObjectNode arguments = object(call.arguments());
    return "{\"name\": %s, \"arguments\": %s}"
        .formatted(
            write(call.name()), arguments == null ? write(call.arguments()) : write(arguments));
  }

  /** Tools, one a line. */
  static String lines(List<Tool> tools) {
    return String.join("\n", tools.stream().map(tool -> write(described(tool))).toList());
  }
}
