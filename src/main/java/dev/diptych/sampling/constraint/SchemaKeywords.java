package dev.diptych.sampling.constraint;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which keywords of JSON schemas are honoured, and which say nothing about the text. */
final class SchemaKeywords {

  static final Set<String> OF_OBJECTS =
      Set.of("properties", "required", "additionalProperties", "minProperties", "maxProperties");
  static final Set<String> OF_ARRAYS = Set.of("items", "prefixItems", "minItems", "maxItems");
  static final Set<String> OF_STRINGS = Set.of("minLength", "maxLength", "pattern", "format");
  static final Set<String> OF_NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private static final Set<String> OF_ALL =
      Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");
  private static final Set<String> SILENT =
      Set.of(
          "$schema",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "example",
          "deprecated",
          "readOnly",
          "writeOnly",
          "discriminator");

  private SchemaKeywords() {}

  /** Refuses a schema with a keyword that would go unheeded; what it refers to is not looked at. */
  static void check(SchemaSite site) {
    for (var member : site.node().properties()) {
      String keyword = member.getKey();
      if (!isKnown(keyword) && !isNeutral(site, keyword, member.getValue())) {
        throw site.unsupported(keyword);
      }
    }
  }

  private static boolean isKnown(String keyword) {
    return OF_ALL.contains(keyword)
        || OF_OBJECTS.contains(keyword)
        || OF_ARRAYS.contains(keyword)
        || OF_STRINGS.contains(keyword)
        || OF_NUMBERS.contains(keyword)
        || SILENT.contains(keyword)
        || keyword.startsWith("x-");
  }

  private static boolean isNeutral(SchemaSite site, String keyword, JsonNode value) {
    return switch (keyword) {
      case "$id" -> site.pointer().isEmpty(); // elsewhere it changes what references mean
      case "uniqueItems", "nullable" -> value.isBoolean() && !value.booleanValue();
      case "patternProperties", "dependentRequired", "dependentSchemas" ->
          value.isObject() && value.isEmpty();
      default -> false;
    };
  }
}
