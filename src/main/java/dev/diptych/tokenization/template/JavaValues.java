package dev.diptych.tokenization.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Java's values as values of the template language. */
final class JavaValues {

  private static final int MAX_DEPTH = 100;

  private JavaValues() {}

  static Value toValue(@Nullable Object value) {
    return toValue(value, 0);
  }

  private static Value toValue(@Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFailed("a variable nested deeper than %d".formatted(MAX_DEPTH));
    }
    return switch (value) {
      case null -> Value.None.NONE;
      case Boolean bool -> Value.of(bool.booleanValue());
      case String text -> Value.of(text);
      case Integer number -> Value.of(number.longValue());
      case Long number -> Value.of(number.longValue());
      case Float number -> new Value.Real(number);
      case Double number -> new Value.Real(number);
      case BigDecimal number -> new Value.Real(number.doubleValue());
      case BigInteger number when number.bitLength() < Long.SIZE -> Value.of(number.longValue());
      case BigInteger number -> new Value.Real(number.doubleValue());
      case JsonNode node -> json(node, depth);
      case List<?> list -> {
        List<Value> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(toValue(item, depth + 1)));
        yield Value.list(items);
      }
      case Map<?, ?> map -> {
        LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
        map.forEach((key, item) -> entries.put(toValue(key), toValue(item, depth + 1)));
        yield new Value.Dict(entries);
      }
      default ->
          throw new TemplateFailed(
              "a variable of %s is not supported".formatted(value.getClass().getSimpleName()));
    };
  }

  private static Value json(JsonNode node, int depth) {
    if (node.isObject()) {
      LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        entries.put(Value.of(entry.getKey()), toValue(entry.getValue(), depth + 1));
      }
      return new Value.Dict(entries);
    }
    if (node.isArray()) {
      return toValue(node.valueStream().toList(), depth);
    }
    if (node.isString()) {
      return Value.of(node.stringValue());
    }
    if (node.isBoolean()) {
      return Value.of(node.booleanValue());
    }
    return node.isNumber() ? toValue(node.numberValue(), depth) : Value.None.NONE;
  }
}
