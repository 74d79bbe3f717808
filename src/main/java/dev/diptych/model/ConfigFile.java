package dev.diptych.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small JSON file of a checkpoint, with checked access to its fields. */
final class ConfigFile {

  private static final long MAX_BYTES = 16 << 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final String name;
  private final JsonNode root;

  private ConfigFile(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  static ConfigFile read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new IOException(
          "%s has %d bytes, more than the %d allowed".formatted(file, size, MAX_BYTES));
    }
    try {
      return new ConfigFile(
          String.valueOf(file.getFileName()), MAPPER.readTree(Files.readAllBytes(file)));
    } catch (JacksonException e) {
      throw new IOException("%s is not valid JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  static @Nullable ConfigFile readIfPresent(Path file) throws IOException {
    return Files.exists(file) ? read(file) : null;
  }

  /** The root of the document. */
  JsonNode root() {
    return root;
  }

  /** A field that may also stand under an older name; null if neither is there. */
  @Nullable JsonNode find(String... names) {
    for (String candidate : names) {
      JsonNode node = root.get(candidate);
      if (node != null && !node.isNull()) {
        return node;
      }
    }
    return null;
  }

  /** An object inside this one, as a view with the same checks; null if there is none. */
  @Nullable ConfigFile object(String field) {
    JsonNode node = find(field);
    return node == null || !node.isObject() ? null : new ConfigFile(name + "." + field, node);
  }

  /** A whole number in [1, max]. */
  int count(int max, String... names) throws IOException {
    JsonNode node = find(names);
    if (node == null) {
      throw new IOException("%s lacks %s".formatted(name, names[0]));
    }
    return checked(node, 1, max, names[0]);
  }

  /** A whole number in [min, max], or the fallback when the field is absent. */
  int count(int min, int max, int fallback, String... names) throws IOException {
    JsonNode node = find(names);
    return node == null ? fallback : checked(node, min, max, names[0]);
  }

  private int checked(JsonNode node, int min, int max, String field) throws IOException {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      throw new IOException(
          "%s: %s must be a whole number from %d to %d (got %s)"
              .formatted(name, field, min, max, node));
    }
    return node.intValue();
  }

  /** A finite number, or the fallback when the field is absent. */
  double number(double fallback, String... names) throws IOException {
    JsonNode node = find(names);
    if (node == null) {
      return fallback;
    }
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw new IOException("%s: %s must be a number (got %s)".formatted(name, names[0], node));
    }
    return node.doubleValue();
  }

  /** A string, or the fallback when the field is absent. */
  String text(String fallback, String... names) throws IOException {
    JsonNode node = find(names);
    if (node == null) {
      return fallback;
    }
    if (!node.isString()) {
      throw new IOException("%s: %s must be a string (got %s)".formatted(name, names[0], node));
    }
    return node.stringValue();
  }
}
