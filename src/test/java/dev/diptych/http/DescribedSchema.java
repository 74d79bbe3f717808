package dev.diptych.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** A JSON schema of an API description, with the keywords that this service's description has. */
public record DescribedSchema(JsonNode document, JsonNode schema) {

  /** What a value violates, as keyword and place; empty if it is as the schema says. */
  public List<String> violations(JsonNode value) {
    List<String> violations = new ArrayList<>();
    check(schema, value, "$", violations);
    return violations;
  }

  private void check(JsonNode rule, JsonNode value, String at, List<String> violations) {
    if (rule.has("$ref")) {
      JsonNode target = document.at(rule.get("$ref").asString().substring(1));
      if (target.isMissingNode()) {
        violations.add("$ref to nothing: " + rule.get("$ref"));
      }
      check(target, value, at, violations);
    }
    if (rule.has("type") && types(rule.get("type")).noneMatch(type -> isOf(value, type))) {
      violations.add("type at " + at);
      return;
    }
    if (rule.has("enum") && rule.get("enum").valueStream().noneMatch(value::equals)) {
      violations.add("enum at " + at);
    }
    for (String union : List.of("anyOf", "oneOf")) {
      if (rule.has(union)
          && rule.get(union)
              .valueStream()
              .noneMatch(one -> new DescribedSchema(document, one).violations(value).isEmpty())) {
        violations.add(union + " at " + at);
      }
    }
    if (value.isNumber()) {
      checkNumber(rule, value.decimalValue(), at, violations);
    } else if (value.isString()) {
      String text = value.stringValue();
      checkSize(rule, "Length", text.codePointCount(0, text.length()), at, violations);
    } else if (value.isArray()) {
      checkSize(rule, "Items", value.size(), at, violations);
      if (rule.has("contains")
          && value
              .valueStream()
              .noneMatch(
                  one ->
                      new DescribedSchema(document, rule.get("contains"))
                          .violations(one)
                          .isEmpty())) {
        violations.add("contains at " + at);
      }
      if (rule.has("items")) {
        for (int i = 0; i < value.size(); i++) {
          check(rule.get("items"), value.get(i), at + "[" + i + "]", violations);
        }
      }
    } else if (value.isObject()) {
      checkObject(rule, value, at, violations);
    }
  }

  private void checkObject(JsonNode rule, JsonNode value, String at, List<String> violations) {
    rule.path("required")
        .valueStream()
        .filter(name -> !value.has(name.stringValue()))
        .forEach(name -> violations.add("required at " + at + "." + name.stringValue()));
    JsonNode others = rule.path("additionalProperties");
    value
        .properties()
        .forEach(
            property -> {
              JsonNode known = rule.path("properties").path(property.getKey());
              JsonNode applies = known.isMissingNode() ? others : known;
              if (applies.isObject()) {
                check(applies, property.getValue(), at + "." + property.getKey(), violations);
              } else if (applies.isBoolean() && !applies.booleanValue()) {
                violations.add("additionalProperties at " + at + "." + property.getKey());
              }
              if (rule.has("propertyNames")) {
                JsonNode name = StringNode.valueOf(property.getKey());
                check(rule.get("propertyNames"), name, at + "." + property.getKey(), violations);
              }
            });
    checkSize(rule, "Properties", value.size(), at, violations);
  }

  private static void checkNumber(
      JsonNode rule, BigDecimal value, String at, List<String> violations) {
    if (rule.has("minimum") && value.compareTo(rule.get("minimum").decimalValue()) < 0) {
      violations.add("minimum at " + at);
    }
    if (rule.has("exclusiveMinimum")
        && value.compareTo(rule.get("exclusiveMinimum").decimalValue()) <= 0) {
      violations.add("exclusiveMinimum at " + at);
    }
    if (rule.has("maximum") && value.compareTo(rule.get("maximum").decimalValue()) > 0) {
      violations.add("maximum at " + at);
    }
  }

  private static void checkSize(
      JsonNode rule, String what, int size, String at, List<String> violations) {
    if (size < rule.path("min" + what).asInt(0)
        || size > rule.path("max" + what).asInt(Integer.MAX_VALUE)) {
      violations.add(what + " at " + at);
    }
  }

  private static Stream<String> types(JsonNode types) {
    return types.isArray()
        ? types.valueStream().map(JsonNode::stringValue)
        : Stream.of(types.stringValue());
  }

  private static boolean isOf(JsonNode value, String type) {
    return switch (type) {
      case "null" -> value.isNull();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "string" -> value.isString();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> throw new IllegalArgumentException(type);
    };
  }
}
