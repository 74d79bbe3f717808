package dev.diptych.sampling.constraint;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schema inside of a schema.
 *
 * @param pointer where it is, as a JSON pointer
 * @param bare whether its references and combinations count as followed already
 */
record SchemaSite(JsonNode node, String pointer, boolean bare) {

  private static final int MOST_COUNT = 2000;

  SchemaSite(JsonNode node, String pointer) {
    this(node, pointer, false);
  }

  /** What it is called in a set of those that hold together. */
  String key() {
    return bare ? pointer + "!" : pointer;
  }

  SchemaSite asBare() {
    return new SchemaSite(node, pointer, true);
  }

  boolean has(String keyword) {
    return node.has(keyword);
  }

  JsonNode get(String keyword) {
    return node.path(keyword);
  }

  /** A schema that a keyword holds. */
  SchemaSite child(String keyword) {
    return schema(get(keyword), pointer + "/" + keyword);
  }

  /** The schemas of a list. */
  List<SchemaSite> children(String keyword) {
    JsonNode list = get(keyword);
    if (!list.isArray()) {
      throw invalid(keyword, "must be a list of schemas");
    }
    List<SchemaSite> children = new ArrayList<>();
    for (JsonNode child : list) {
      children.add(schema(child, "%s/%s/%d".formatted(pointer, keyword, children.size())));
    }
    return children;
  }

  /** The names of an object of schemas, in their order; none if the keyword is absent. */
  List<String> names(String keyword) {
    JsonNode members = get(keyword);
    if (members.isMissingNode()) {
      return List.of();
    }
    if (!members.isObject()) {
      throw invalid(keyword, "must be an object of schemas");
    }
    return members.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** One of an object of schemas; null if it is not there. */
  @Nullable SchemaSite member(String keyword, String name) {
    JsonNode member = get(keyword).path(name);
    return member.isMissingNode()
        ? null
        : schema(
            member,
            "%s/%s/%s".formatted(pointer, keyword, name.replace("~", "~0").replace("/", "~1")));
  }

  private static SchemaSite schema(JsonNode node, String pointer) {
    if (!node.isObject() && !node.isBoolean()) {
      throw new InvalidInput(
          "the JSON schema has %s at %s, where a schema must be, an object or a boolean"
              .formatted(Excerpt.of(node.toString()), shown(pointer)));
    }
    return new SchemaSite(node, pointer);
  }

  /** The texts of a list; none if the keyword is absent. */
  List<String> texts(String keyword) {
    JsonNode list = get(keyword);
    if (list.isMissingNode()) {
      return List.of();
    }
    if (!list.isArray() || list.valueStream().anyMatch(element -> !element.isString())) {
      throw invalid(keyword, "must be a list of texts");
    }
    return list.valueStream().map(JsonNode::stringValue).toList();
  }

  /** A text; null if the keyword is absent. */
  @Nullable String text(String keyword) {
    JsonNode value = get(keyword);
    if (!value.isMissingNode() && !value.isString()) {
      throw invalid(keyword, "must be a text");
    }
    return value.isMissingNode() ? null : value.stringValue();
  }

  /** A number; null if the keyword is absent. */
  @Nullable BigDecimal number(String keyword) {
    JsonNode value = get(keyword);
    if (!value.isMissingNode() && !value.isNumber()) {
      throw invalid(keyword, "must be a number");
    }
    return value.isMissingNode() ? null : value.decimalValue();
  }

  /** A lower bound of a count; 0 if the keyword is absent. */
  int least(String keyword) {
    BigDecimal value = count(keyword);
    if (value != null && value.compareTo(BigDecimal.valueOf(MOST_COUNT)) > 0) {
      throw invalid(keyword, "must be at most " + MOST_COUNT);
    }
    return value == null ? 0 : value.intValueExact();
  }

  /** An upper bound of a count, or the most that is counted to; null if the keyword is absent. */
  @Nullable Integer most(String keyword) {
    BigDecimal value = count(keyword);
    return value == null ? null : value.min(BigDecimal.valueOf(MOST_COUNT)).intValueExact();
  }

  private @Nullable BigDecimal count(String keyword) {
    BigDecimal value = number(keyword);
    if (value != null && (value.signum() < 0 || value.stripTrailingZeros().scale() > 0)) {
      throw invalid(keyword, "must be a whole number of 0 or more");
    }
    return value;
  }

  InvalidInput invalid(String keyword, String what) {
    return new InvalidInput(
        "the JSON schema's `%s` at %s %s. Given: %s"
            .formatted(keyword, shown(pointer), what, Excerpt.of(get(keyword).toString())));
  }

  InvalidInput unsupported(String keyword) {
    return invalid(keyword, "is not supported");
  }

  private static String shown(String pointer) {
    return pointer.isEmpty() ? "the top" : pointer;
  }
}
