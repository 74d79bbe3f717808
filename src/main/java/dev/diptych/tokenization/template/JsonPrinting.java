package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code tojson} filter as transformers defines it: Python's {@code json.dumps}. */
final class JsonPrinting {

  private static final int MAX_DEPTH = 100;

  private final StringBuilder text = new StringBuilder();
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean ascii;
  private final boolean sortKeys;

  private JsonPrinting(Arguments.Bound options) {
    indent = indent(options.value(2, Value.None.NONE));
    List<Value> separators =
        options.has(3) && !(options.value(3) instanceof Value.None)
            ? Access.iterate(options.value(3))
            : List.of(Value.of(indent == null ? ", " : ","), Value.of(": "));
    if (separators.size() != 2) {
      throw new TemplateFailed("tojson needs two separators");
    }
    itemSeparator = Printing.print(separators.getFirst());
    keySeparator = Printing.print(separators.getLast());
    ascii = options.truth(1, false);
    sortKeys = options.truth(4, false);
  }

  static Value apply(Arguments arguments) {
    Arguments.Bound options =
        arguments.bind("tojson", 1, "value", "ensure_ascii", "indent", "separators", "sort_keys");
    JsonPrinting json = new JsonPrinting(options);
    json.append(options.value(0), 0);
    return Value.of(json.text.toString());
  }

  private static @Nullable String indent(Value indent) {
    return switch (indent) {
      case Value.None n -> null;
      case Value.Text text -> text.value();
      default -> " ".repeat(Math.clamp(Operators.integer(indent), 0, 100));
    };
  }

  private void append(Value value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFailed("a value nested deeper than %d in tojson".formatted(MAX_DEPTH));
    }
    Budget.requireText(text.length());
    switch (value) {
      case Value.None n -> text.append("null");
      case Value.Bool bool -> text.append(bool.value());
      case Value.Int number -> text.append(number.value());
      case Value.Real number -> text.append(real(number.value()));
      case Value.Text string -> appendString(string.value());
      case Value.Sequence sequence
          when sequence.kind() == Value.Sequence.Kind.LIST
              || sequence.kind() == Value.Sequence.Kind.TUPLE ->
          appendList(sequence.items(), depth);
      case Value.Dict dict -> appendDict(dict, depth);
      case Value.Undefined undefined -> throw new TemplateFailed(undefined.message());
      default -> throw new TemplateFailed("a %s has no JSON form".formatted(value.typeName()));
    }
  }

  private static String real(double value) {
    return switch (Printing.real(value)) {
      case "nan" -> "NaN";
      case "inf" -> "Infinity";
      case "-inf" -> "-Infinity";
      case String number -> number;
    };
  }

  private void appendList(List<Value> items, int depth) {
    text.append('[');
    String separator = "";
    for (Value item : items) {
      text.append(separator);
      newLine(depth + 1);
      append(item, depth + 1);
      separator = itemSeparator;
    }
    close(items.isEmpty(), ']', depth);
  }

  private void appendDict(Value.Dict dict, int depth) {
    text.append('{');
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    if (sortKeys) {
      entries.sort((a, b) -> Operators.order(a.getKey(), b.getKey(), "<"));
    }
    String separator = "";
    for (Map.Entry<Value, Value> entry : entries) {
      text.append(separator);
      newLine(depth + 1);
      appendKey(entry.getKey());
      text.append(keySeparator);
      append(entry.getValue(), depth + 1);
      separator = itemSeparator;
    }
    close(entries.isEmpty(), '}', depth);
  }

  private void appendKey(Value key) {
    if (key instanceof Value.Text name) {
      appendString(name.value());
      return;
    }
    text.append('"');
    append(key, 0);
    text.append('"');
  }

  private void close(boolean empty, char bracket, int depth) {
    if (!empty) {
      newLine(depth);
    }
    text.append(bracket);
  }

  private void newLine(int depth) {
    if (indent != null) {
      Budget.requireText(text.length() + (long) depth * indent.length());
      text.append('\n').append(indent.repeat(depth));
    }
  }

  private void appendString(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e && !PlaceMark.isAnyAt(value, i))) {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
