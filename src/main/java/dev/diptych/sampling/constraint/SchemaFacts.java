package dev.diptych.sampling.constraint;

import dk.brics.automaton.Automaton;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What schemas that hold together say, keyword by keyword. */
final class SchemaFacts {

  /** The types of JSON values. */
  enum Type {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    NULL
  }

  private static final BigDecimal LEAST_INT32 = BigDecimal.valueOf(Integer.MIN_VALUE);
  private static final BigDecimal MOST_INT32 = BigDecimal.valueOf(Integer.MAX_VALUE);

  private final List<SchemaSite> sites;

  /** Of schemas whose references have been followed. */
  SchemaFacts(List<SchemaSite> sites) {
    this.sites = sites;
  }

  List<SchemaSite> sites() {
    return sites;
  }

  /** Whether one of them lets nothing through. */
  boolean isNever() {
    return sites.stream().anyMatch(site -> site.node().isBoolean() && !site.node().booleanValue());
  }

  boolean hasAny(Set<String> keywords) {
    return sites.stream().anyMatch(site -> keywords.stream().anyMatch(site::has));
  }

  /** The types that they name; all of them if they name none. Integers are among the numbers. */
  Set<Type> namedTypes() {
    Set<Type> types = EnumSet.allOf(Type.class);
    for (SchemaSite site : sites) {
      if (site.has("type")) {
        types.retainAll(named(site));
      }
    }
    if (types.contains(Type.NUMBER)) {
      types.remove(Type.INTEGER);
    }
    return types;
  }

  boolean namesTypes() {
    return sites.stream().anyMatch(site -> site.has("type"));
  }

  private static Set<Type> named(SchemaSite site) {
    JsonNode named = site.get("type");
    Set<Type> types = EnumSet.noneOf(Type.class);
    for (JsonNode name : named.isArray() ? named : List.of(named)) {
      switch (name.asString("")) {
        case "object" -> types.add(Type.OBJECT);
        case "array" -> types.add(Type.ARRAY);
        case "string" -> types.add(Type.STRING);
        case "number" -> {
          types.add(Type.NUMBER);
          types.add(Type.INTEGER);
        }
        case "integer" -> types.add(Type.INTEGER);
        case "boolean" -> types.add(Type.BOOLEAN);
        case "null" -> types.add(Type.NULL);
        default -> throw site.invalid("type", "is no type of JSON");
      }
    }
    return types;
  }

  /** The types to write: where none are named, those that other keywords are about. */
  Set<Type> types() {
    Set<Type> types = namedTypes();
    if (!namesTypes()) {
      Set<Type> meant = EnumSet.noneOf(Type.class);
      addIf(meant, Type.OBJECT, SchemaKeywords.OF_OBJECTS);
      addIf(meant, Type.ARRAY, SchemaKeywords.OF_ARRAYS);
      addIf(meant, Type.STRING, SchemaKeywords.OF_STRINGS);
      addIf(meant, Type.NUMBER, SchemaKeywords.OF_NUMBERS);
      return meant.isEmpty() ? types : meant;
    }
    return types;
  }

  private void addIf(Set<Type> types, Type type, Set<String> keywords) {
    if (hasAny(keywords)) {
      types.add(type);
    }
  }

  /** The values that {@code enum} and {@code const} leave; null if there are none of these. */
  @Nullable List<JsonNode> values() {
    List<JsonNode> values = null;
    for (SchemaSite site : sites) {
      if (site.has("enum")) {
        JsonNode list = site.get("enum");
        if (!list.isArray() || list.isEmpty()) {
          throw site.invalid("enum", "must be a list of values");
        }
        values = narrowed(values, list.valueStream().toList());
      }
      if (site.has("const")) {
        values = narrowed(values, List.of(site.get("const")));
      }
    }
    return values;
  }

  private static List<JsonNode> narrowed(@Nullable List<JsonNode> values, List<JsonNode> others) {
    return values == null
        ? others
        : values.stream().filter(value -> others.stream().anyMatch(o -> same(value, o))).toList();
  }

  static boolean same(JsonNode a, JsonNode b) {
    boolean areNumbers = a.isNumber() && b.isNumber();
    return areNumbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
  }

  /** The smallest number; null if there is none. */
  JsonNumbers.@Nullable Bound leastNumber() {
    JsonNumbers.Bound bound = null;
    for (SchemaSite site : sites) {
      bound = tighter(bound, site.number("minimum"), false, 1);
      bound = tighter(bound, site.number("exclusiveMinimum"), true, 1);
      bound = tighter(bound, isInt32(site) ? LEAST_INT32 : null, false, 1);
    }
    return bound;
  }

  /** The largest number; null if there is none. */
  JsonNumbers.@Nullable Bound mostNumber() {
    JsonNumbers.Bound bound = null;
    for (SchemaSite site : sites) {
      bound = tighter(bound, site.number("maximum"), false, -1);
      bound = tighter(bound, site.number("exclusiveMaximum"), true, -1);
      bound = tighter(bound, isInt32(site) ? MOST_INT32 : null, false, -1);
    }
    return bound;
  }

  private static boolean isInt32(SchemaSite site) {
    return "int32".equals(site.text("format"));
  }

  private static JsonNumbers.@Nullable Bound tighter(
      JsonNumbers.@Nullable Bound bound,
      @Nullable BigDecimal value,
      boolean exclusive,
      int direction) {
    if (value == null) {
      return bound;
    }
    int comparison = bound == null ? 1 : direction * Integer.signum(value.compareTo(bound.value()));
    return comparison > 0 || (comparison == 0 && exclusive)
        ? new JsonNumbers.Bound(value, exclusive)
        : bound;
  }

  /** The largest of lower bounds of a count. */
  int least(String keyword) {
    return sites.stream().mapToInt(site -> site.least(keyword)).max().orElse(0);
  }

  /** The smallest of upper bounds of a count; null if there are none. */
  @Nullable Integer most(String keyword) {
    Integer most = null;
    for (SchemaSite site : sites) {
      Integer bound = site.most(keyword);
      most = most == null || (bound != null && bound < most) ? bound : most;
    }
    return most;
  }

  /** What the characters of a string must match; null if there is no such thing. */
  @Nullable Automaton characters(Automata automata) {
    Automaton characters = null;
    for (SchemaSite site : sites) {
      String pattern = site.text("pattern");
      if (pattern != null) {
        characters = both(characters, RegularExpression.anywhere(pattern, automata), automata);
      }
      String format = site.text("format");
      if (format != null) {
        String known = Formats.pattern(format);
        if (known == null) {
          throw site.invalid("format", "is none of those supported, " + Formats.known());
        }
        if (known.equals(Formats.ANY)) {
          continue;
        }
        characters =
            both(
                characters,
                automata.common("format " + format, all -> RegularExpression.whole(known, all)),
                automata);
      }
    }
    return characters;
  }

  private static Automaton both(@Nullable Automaton a, Automaton b, Automata automata) {
    return a == null ? b : automata.intersection(a, b);
  }

  /** The properties that they name, each with the schemas that its value must hold. */
  Map<String, List<SchemaSite>> properties() {
    Map<String, List<SchemaSite>> properties = new LinkedHashMap<>();
    for (SchemaSite site : sites) {
      for (String name : site.names("properties")) {
        properties.computeIfAbsent(name, this::property);
      }
    }
    for (String name : required()) {
      properties.computeIfAbsent(name, this::property);
    }
    return properties;
  }

  /** The schemas that the value of a property must hold. */
  List<SchemaSite> property(String name) {
    List<SchemaSite> schemas = new ArrayList<>();
    for (SchemaSite site : sites) {
      SchemaSite own = site.member("properties", name);
      if (own != null) {
        schemas.add(own);
      } else if (site.has("additionalProperties")) {
        schemas.add(site.child("additionalProperties"));
      }
    }
    return schemas;
  }

  Set<String> required() {
    Set<String> required = new LinkedHashSet<>();
    sites.forEach(site -> required.addAll(site.texts("required")));
    return required;
  }

  /** The schemas that the value of any other property must hold. */
  List<SchemaSite> otherProperties() {
    return sites.stream()
        .filter(site -> site.has("additionalProperties"))
        .map(site -> site.child("additionalProperties"))
        .toList();
  }

  /** How many elements of arrays have schemas of their own. */
  int prefix() {
    return sites.stream()
        .filter(site -> site.has("prefixItems"))
        .mapToInt(site -> site.children("prefixItems").size())
        .max()
        .orElse(0);
  }

  /** The schemas that an element of an array must hold. */
  List<SchemaSite> element(int index) {
    List<SchemaSite> schemas = new ArrayList<>();
    for (SchemaSite site : sites) {
      List<SchemaSite> prefix =
          site.has("prefixItems") ? site.children("prefixItems") : List.<SchemaSite>of();
      if (index < prefix.size()) {
        schemas.add(prefix.get(index));
      } else if (site.has("items")) {
        if (site.get("items").isArray()) {
          throw site.invalid("items", "must be a schema; schemas in order are `prefixItems`");
        }
        schemas.add(site.child("items"));
      }
    }
    return schemas;
  }
}
