package dev.diptych.http.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value of a request and where it stands, which refuses what it should not be.
 *
 * @param name as errors have it, such as {@code questions[0].choices}; empty for the body
 */
record JsonPlace(String name, @Nullable JsonNode value) {

  /** A request's body. */
  static JsonPlace body(JsonNode body) {
    return new JsonPlace("", body);
  }

  /** A field, which may be absent. */
  JsonPlace get(String field) {
    return new JsonPlace(
        name.isEmpty() ? field : name + "." + field, value == null ? null : value.get(field));
  }

  boolean isAbsent() {
    return value == null;
  }

  boolean isAbsentOrNull() {
    return value == null || value.isNull();
  }

  /** An object with no other fields than these. */
  JsonNode object(Set<String> fields) {
    JsonNode object = there("an object");
    if (!object.isObject()) {
      throw refused("must be an object");
    }
    for (String field : object.propertyNames()) {
      if (!fields.contains(field)) {
        throw Refusal.unsupported(
            get(field).name(), "`%s` is not known here".formatted(get(field).name()));
      }
    }
    return object;
  }

  /** The items of a list. */
  List<JsonPlace> items(int fewest, int most, String limit) {
    JsonNode list = there("a list");
    if (!list.isArray()) {
      throw refused("must be a list");
    }
    if (list.size() < fewest || list.size() > most) {
      throw refused(
          "must have %d to %d items%s. Given: %d".formatted(fewest, most, limit, list.size()));
    }
    List<JsonPlace> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(new JsonPlace("%s[%d]".formatted(name, i), list.get(i)));
    }
    return items;
  }

  /** A text that is not blank. */
  String words() {
    String text = text();
    if (text.isBlank()) {
      throw refused("must not be blank");
    }
    return text;
  }

  /** A text. */
  String text() {
    JsonNode text = there("a text");
    if (!text.isString()) {
      throw refused("must be a text");
    }
    return text.stringValue();
  }

  /** What must be there. */
  JsonNode there(String what) {
    if (value == null) {
      throw Refusal.missing(name, what);
    }
    return value;
  }

  /** A refusal of the value, whose name goes before what is said. */
  Refusal refused(String what) {
    return Refusal.value(name, "`%s` %s".formatted(name.isEmpty() ? "body" : name, what));
  }
}
