package dev.diptych.model;

import static dev.diptych.model.CheckpointJson.shortened;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object of a checkpoint, with checked access to its fields. It remembers which fields were
 * asked for, so that those that nobody knows can be told.
 */
public final class ConfigFile {

  private final String name;
  private final JsonNode root;
  private final Set<String> asked = new HashSet<>();
  private final Map<String, ConfigFile> objects = new HashMap<>();

  private ConfigFile(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  private static ConfigFile of(String name, JsonNode root) throws IOException {
    if (!root.isObject()) {
      throw new IOException("%s must be a JSON object (got %s)".formatted(name, shortened(root)));
    }
    return new ConfigFile(name, root);
  }

  /** The object that a file of a folder holds; the limits are those of {@link CheckpointJson}. */
  public static ConfigFile read(Path folder, String name) throws IOException {
    return of(name, CheckpointJson.read(folder, name));
  }

  /** The same; null if there is no such file. */
  public static @Nullable ConfigFile readIfPresent(Path folder, String name) throws IOException {
    JsonNode root = CheckpointJson.readIfPresent(folder, name);
    return root == null ? null : of(name, root);
  }

  public static ConfigFile read(Path file) throws IOException {
    return read(folderOf(file), String.valueOf(file.getFileName()));
  }

  public static @Nullable ConfigFile readIfPresent(Path file) throws IOException {
    return readIfPresent(folderOf(file), String.valueOf(file.getFileName()));
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? Path.of("") : folder;
  }

  /** How messages name it. */
  public String name() {
    return name;
  }

  /** Whether another object holds the same. */
  public boolean sameAs(ConfigFile other) {
    return root.equals(other.root);
  }

  /** The names of all fields, in their order. */
  public List<String> fields() {
    return root.propertyStream().map(field -> field.getKey()).toList();
  }

  /** The fields that have a value and that neither was asked for nor belong to these. */
  public Set<String> unknown(Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    root.propertyStream()
        .filter(field -> !field.getValue().isNull())
        .map(field -> field.getKey())
        .filter(field -> !known.contains(field) && !asked.contains(field))
        .forEach(unknown::add);
    return unknown;
  }

  /** A field that may also stand under other names; null if none is there or all are null. */
  public @Nullable JsonNode find(String... names) {
    asked.addAll(List.of(names));
    for (String candidate : names) {
      JsonNode node = root.get(candidate);
      if (node != null && !node.isNull()) {
        return node;
      }
    }
    return null;
  }

  /** Whether a field is there without a value, which may say other than that it is not there. */
  public boolean isNull(String field) {
    asked.add(field);
    JsonNode node = root.get(field);
    return node != null && node.isNull();
  }

  /* Of a field with several names, all that are there must say the same. */
  private @Nullable JsonNode findOne(String... names) throws IOException {
    JsonNode found = find(names);
    for (String candidate : names) {
      JsonNode other = root.get(candidate);
      if (other != null && !other.isNull() && !other.equals(found)) {
        throw new IOException(
            "%s: %s is %s, but %s, its other name, is %s"
                .formatted(name, names[0], shortened(found), candidate, shortened(other)));
      }
    }
    return found;
  }

  /**
   * An object inside this one, with the same checks, which remembers its fields as well; null if
   * there is none or it is empty.
   */
  public @Nullable ConfigFile object(String field) throws IOException {
    JsonNode node = find(field);
    if (node == null || (node.isObject() && node.isEmpty())) {
      return null;
    }
    ConfigFile object = objects.get(field);
    if (object == null) {
      object = of(name + ": " + field, node);
      objects.put(field, object);
    }
    return object;
  }

  /** A whole number in [1, max]. */
  public int count(int max, String... names) throws IOException {
    JsonNode node = findOne(names);
    if (node == null) {
      throw new IOException("%s lacks %s".formatted(name, names[0]));
    }
    return checked(node, 1, max, names[0]);
  }

  /** A whole number in [min, max], or the fallback when the field is absent. */
  public int count(int min, int max, int fallback, String... names) throws IOException {
    JsonNode node = findOne(names);
    return node == null ? fallback : checked(node, min, max, names[0]);
  }

  private int checked(JsonNode node, int min, int max, String field) throws IOException {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      throw wrong(field, "a whole number from %d to %d".formatted(min, max), node);
    }
    return node.intValue();
  }

  /** A finite number, or the fallback when the field is absent. */
  public double number(double fallback, String... names) throws IOException {
    JsonNode node = findOne(names);
    if (node == null) {
      return fallback;
    }
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(names[0], "a number", node);
    }
    return node.doubleValue();
  }

  /** A finite number above zero, or the fallback when the field is absent. */
  public double positive(double fallback, String... names) throws IOException {
    double number = number(fallback, names);
    if (!(number > 0)) {
      throw new IOException("%s: %s must be above 0 (got %s)".formatted(name, names[0], number));
    }
    return number;
  }

  /** True or false, or the fallback when the field is absent. */
  public boolean flag(boolean fallback, String field) throws IOException {
    JsonNode node = find(field);
    if (node == null) {
      return fallback;
    }
    if (!node.isBoolean()) {
      throw wrong(field, "true or false", node);
    }
    return node.booleanValue();
  }

  /** A string, or the fallback when the field is absent. */
  public String text(String fallback, String... names) throws IOException {
    JsonNode node = findOne(names);
    if (node == null) {
      return fallback;
    }
    if (!node.isString()) {
      throw wrong(names[0], "a string", node);
    }
    return node.stringValue();
  }

  /** One of some strings, or the first of them when the field is absent. */
  public String oneOf(String field, String... allowed) throws IOException {
    String value = text(allowed[0], field);
    if (!List.of(allowed).contains(value)) {
      throw new IOException(
          "%s: %s '%s' is not supported (supported: %s)"
              .formatted(name, field, shortened(value), String.join(", ", allowed)));
    }
    return value;
  }

  /** Refuses a field that asks for something that is not computed here. */
  public void require(String field, boolean only, String otherwise) throws IOException {
    if (flag(only, field) != only) {
      throw new IOException("%s: %s is %s: %s".formatted(name, field, !only, otherwise));
    }
  }

  /** Refuses a field that has a value other than null, false and an empty object or list. */
  public void refuse(String field, String why) throws IOException {
    JsonNode node = find(field);
    boolean empty =
        node == null
            || (node.isBoolean() && !node.booleanValue())
            || (node.isContainer() && node.isEmpty());
    if (!empty) {
      throw new IOException("%s: %s is %s: %s".formatted(name, field, shortened(node), why));
    }
  }

  private IOException wrong(String field, String wanted, JsonNode node) {
    return new IOException(
        "%s: %s must be %s (got %s)".formatted(name, field, wanted, shortened(node)));
  }
}
