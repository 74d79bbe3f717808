package dev.diptych.sampling.constraint;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of every keyword that is supported, drawn by chance. */
final class RandomSchemas {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> NAMES =
      List.of("name", "n", "nam", "é", "a b", "quote\"", "type", "x", "", "日本");

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  /** A schema with definitions, one of which may contain itself. */
  ObjectNode next() {
    ObjectNode schema = schema(3);
    ObjectNode definitions = schema.putObject("$defs");
    ObjectNode tree = definitions.putObject("tree");
    tree.put("type", "object");
    ObjectNode properties = tree.putObject("properties");
    properties.set("value", schema(0));
    ObjectNode children = properties.putObject("children");
    children.put("type", "array");
    children.putObject("items").put("$ref", "#/$defs/tree");
    children.put("maxItems", 2);
    tree.putArray("required").add("value");
    definitions.set("leaf", schema(1));
    return schema;
  }

  private ObjectNode schema(int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 13)) {
      case 0 -> string();
      case 1 -> number("integer");
      case 2 -> number("number");
      case 3 -> typed(random.nextBoolean() ? "boolean" : "null");
      case 4 -> values();
      case 5 -> formatted();
      case 6, 7, 8 -> object(depth - 1);
      case 9 -> array(depth - 1);
      case 10 -> alternatives(depth - 1);
      case 11 -> together(depth - 1);
      default -> {
        ObjectNode reference = NODES.objectNode();
        reference.put(
            "$ref", random.nextBoolean() ? "#/$defs/tree" : "#/$defs/tree/properties/value");
        yield reference;
      }
    };
  }

  private static ObjectNode typed(String type) {
    ObjectNode schema = NODES.objectNode();
    schema.put("type", type);
    schema.put("description", "a " + type);
    return schema;
  }

  private ObjectNode string() {
    ObjectNode schema = typed("string");
    int least = random.nextInt(4);
    if (random.nextBoolean()) {
      schema.put("minLength", least);
    }
    if (random.nextBoolean()) {
      schema.put("maxLength", least + random.nextInt(30));
    }
    if (random.nextInt(4) == 0) {
      List<String> patterns = List.of("^[a-z]*$", "\\d", "^(\\w+ ?){1,6}$", "[\"\\\\]", "^é?.*$");
      schema.put("pattern", patterns.get(random.nextInt(patterns.size())));
      schema.remove("minLength");
      schema.remove("maxLength");
    }
    return schema;
  }

  private ObjectNode formatted() {
    List<String> formats =
        List.of(
            "date",
            "time",
            "date-time",
            "uuid",
            "email",
            "ipv4",
            "hostname",
            "uri",
            "ipv6",
            "duration");
    return typed("string").put("format", formats.get(random.nextInt(formats.size())));
  }

  private ObjectNode number(String type) {
    ObjectNode schema = typed(type);
    int least = random.nextInt(400) - 200;
    if (random.nextBoolean()) {
      schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", least / 4.0);
    }
    if (random.nextBoolean()) {
      schema.put(
          random.nextBoolean() ? "maximum" : "exclusiveMaximum",
          least / 4.0 + 2 + random.nextInt(300));
    }
    return schema;
  }

  private ObjectNode values() {
    ObjectNode schema = NODES.objectNode();
    ArrayNode values = schema.putArray("enum");
    values.add("red").add("re\"d").add(random.nextInt()).add(1.5).addNull().add(true);
    values.addObject().put("a", "\n").putArray("b").add(1);
    if (random.nextInt(3) == 0) {
      schema.removeAll();
      schema.put("const", NAMES.get(random.nextInt(NAMES.size())));
    }
    return schema;
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = typed("object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    for (int count = random.nextInt(4); count > 0; count--) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      properties.set(name, schema(depth));
      if (random.nextBoolean()) {
        required.add(name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    switch (random.nextInt(4)) {
      case 0 -> schema.put("additionalProperties", false);
      case 1 -> schema.set("additionalProperties", schema(0));
      case 2 -> schema.put("additionalProperties", true);
      default -> {}
    }
    if (random.nextInt(5) == 0) {
      schema.put("maxProperties", required.size() + random.nextInt(3));
    }
    return schema;
  }

  private ObjectNode array(int depth) {
    ObjectNode schema = typed("array");
    if (random.nextInt(3) > 0) {
      schema.set("items", schema(depth));
    }
    int least = random.nextInt(3);
    if (random.nextBoolean()) {
      schema.put("minItems", least);
    }
    if (random.nextBoolean()) {
      schema.put("maxItems", least + random.nextInt(4));
    }
    if (random.nextInt(3) == 0) {
      ArrayNode prefix = schema.putArray("prefixItems");
      prefix.add(schema(depth)).add(schema(depth));
    }
    return schema;
  }

  private ObjectNode alternatives(int depth) {
    ObjectNode schema = NODES.objectNode();
    if (random.nextBoolean()) {
      schema.putArray("anyOf").add(schema(depth)).add(schema(depth)).add(schema(0));
      return schema;
    }
    ArrayNode alternatives = schema.putArray("oneOf");
    for (String kind : List.of("circle", "square", "line")) {
      ObjectNode alternative = object(depth);
      ((ObjectNode) alternative.get("properties")).putObject("kind").put("const", kind);
      alternative.remove("maxProperties");
      alternatives.add(alternative);
    }
    alternatives.add(typed("null"));
    return schema;
  }

  private ObjectNode together(int depth) {
    ObjectNode schema = typed("object");
    ObjectNode first = object(depth);
    ObjectNode second = object(depth);
    for (ObjectNode part : List.of(first, second)) {
      part.remove("maxProperties");
      part.remove("additionalProperties");
    }
    first.putObject("properties").set("first", schema(depth));
    second.putObject("properties").set("second", schema(depth));
    first.putArray("required").add("first");
    second.remove("required");
    schema.putArray("allOf").add(first).add(second);
    return schema;
  }
}
