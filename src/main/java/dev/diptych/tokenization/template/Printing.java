package dev.diptych.tokenization.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr} of values. */
final class Printing {

  private static final int MAX_DEPTH = 100;

  private Printing() {}

  /** As {@code str}: what a template prints. */
  static String print(Value value) {
    return switch (value) {
      case Value.Text text -> text.value();
      case Value.Undefined u -> "";
      default -> repr(value);
    };
  }

  /** As {@code repr}: how a value stands inside a printed list. */
  static String repr(Value value) {
    StringBuilder text = new StringBuilder();
    append(value, text, 0);
    return text.toString();
  }

  private static void append(Value value, StringBuilder text, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFailed("a value nested deeper than %d is printed".formatted(MAX_DEPTH));
    }
    Budget.requireText(text.length());
    switch (value) {
      case Value.Undefined u -> text.append("Undefined");
      case Value.None n -> text.append("None");
      case Value.Bool bool -> text.append(bool.value() ? "True" : "False");
      case Value.Int number -> text.append(number.value());
      case Value.Real number -> text.append(real(number.value()));
      case Value.Text string -> appendQuoted(string.value(), text);
      case Value.Sequence sequence -> appendSequence(sequence, text, depth);
      case Value.Dict dict -> appendDict(dict, text, depth);
      case Value.Generator g -> throw notPrintable(value);
      case Value.Namespace n -> throw notPrintable(value);
      case Value.LoopVariable l -> throw notPrintable(value);
      case Value.Callable c -> throw notPrintable(value);
    }
  }

  private static TemplateFailed notPrintable(Value value) {
    return new TemplateFailed("printing a %s is not supported".formatted(value.typeName()));
  }

  private static void appendSequence(Value.Sequence sequence, StringBuilder text, int depth) {
    List<Value> items = sequence.items();
    switch (sequence.kind()) {
      case LIST -> appendItems("[", items, "]", text, depth);
      case TUPLE -> appendItems("(", items, items.size() == 1 ? ",)" : ")", text, depth);
      case RANGE -> throw notPrintable(sequence);
      case KEYS, VALUES, ITEMS ->
          appendItems(sequence.kind().typeName() + "([", items, "])", text, depth);
    }
  }

  private static void appendItems(
      String open, List<Value> items, String close, StringBuilder text, int depth) {
    text.append(open);
    String separator = "";
    for (Value item : items) {
      text.append(separator);
      append(item, text, depth + 1);
      separator = ", ";
    }
    text.append(close);
  }

  private static void appendDict(Value.Dict dict, StringBuilder text, int depth) {
    text.append('{');
    String separator = "";
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      text.append(separator);
      append(entry.getKey(), text, depth + 1);
      text.append(": ");
      append(entry.getValue(), text, depth + 1);
      separator = ", ";
    }
    text.append('}');
  }

  /** Python's shortest form of a float: always with a fraction or an exponent. */
  static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (size == 0 || (size >= 1e-4 && size < 1e16)) {
      String plain = size == 0 ? Double.toString(value) : shortest(value).toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    BigDecimal shortest = shortest(value);
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%s%se%s%02d"
        .formatted(
            value < 0 ? "-" : "",
            digits.substring(0, 1),
            fraction,
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }

  private static BigDecimal shortest(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }

  private static void appendQuoted(String value, StringBuilder text) {
    char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
    text.append(quote);
    value
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> appendCharacter(c, quote, text);
              }
            });
    text.append(quote);
  }

  private static void appendCharacter(int c, char quote, StringBuilder text) {
    if (c == quote) {
      text.append('\\').append(quote);
    } else if (isPrintable(c) || PlaceMark.is(c)) {
      text.appendCodePoint(c);
    } else if (c < 0x100) {
      text.append("\\x%02x".formatted(c));
    } else {
      text.append((c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
