package dev.diptych.tokenization.template;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters after {@code |}; those of sequences are in {@link SequenceFilters}. */
final class Filters {

  /** A filter; its input is the first argument. */
  @FunctionalInterface
  interface Filter {
    Value apply(Arguments arguments);
  }

  private static final Pattern WORD = Pattern.compile("([^-\\s({\\[<]+)|[-\\s({\\[<]+");

  private static final Map<String, Filter> SCALAR =
      Map.ofEntries(
          Map.entry("tojson", JsonPrinting::apply),
          Map.entry("default", Filters::otherwise),
          Map.entry("d", Filters::otherwise),
          Map.entry("trim", Filters::trim),
          Map.entry("replace", Filters::replace),
          Map.entry("indent", Filters::indent),
          Map.entry("int", Filters::integer),
          Map.entry("float", Filters::real),
          Map.entry("abs", Filters::absolute),
          Map.entry("round", Filters::round),
          text("string", t -> t),
          text("safe", t -> t),
          text("upper", t -> t.toUpperCase(Locale.ROOT)),
          text("lower", t -> t.toLowerCase(Locale.ROOT)),
          text("capitalize", PythonStrings::capitalize),
          text("title", Filters::title));

  private Filters() {}

  static boolean has(String name) {
    return SCALAR.containsKey(name) || SequenceFilters.FILTERS.containsKey(name);
  }

  static Value apply(String name, Value input, Arguments arguments, Budget budget) {
    Arguments all = arguments.withFirst(input);
    Filter scalar = SCALAR.get(name);
    if (scalar != null) {
      return scalar.apply(all);
    }
    SequenceFilters.BudgetedFilter sequence = SequenceFilters.FILTERS.get(name);
    if (sequence != null) {
      return sequence.apply(all, budget);
    }
    throw new TemplateFailed("the filter '%s' is not supported".formatted(name));
  }

  private static Map.Entry<String, Filter> text(String name, UnaryOperator<String> change) {
    return Map.entry(
        name,
        arguments -> {
          Value input = arguments.bind(name, 1, "value").value(0);
          return Value.of(change.apply(Printing.print(input)));
        });
  }

  private static Value otherwise(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", 1, "value", "default_value", "boolean");
    Value value = bound.value(0);
    boolean missing =
        value instanceof Value.Undefined || (bound.truth(2, false) && !Operators.isTrue(value));
    return missing ? bound.value(1, Value.of("")) : value;
  }

  private static Value trim(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("trim", 1, "value", "chars");
    return Value.of(
        PythonStrings.strip(Printing.print(bound.value(0)), bound.textOrNull(1), true, true));
  }

  private static Value replace(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", 3, "s", "old", "new", "count");
    return Value.of(
        PythonStrings.replace(
            Printing.print(bound.value(0)),
            Printing.print(bound.value(1)),
            Printing.print(bound.value(2)),
            bound.number(3, -1)));
  }

  private static Value indent(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", 1, "s", "width", "first", "blank");
    String indent =
        bound.value(1, Value.None.NONE) instanceof Value.Text text
            ? text.value()
            : " ".repeat(Math.clamp(bound.number(1, 4), 0, 1000));
    boolean blank = bound.truth(3, false);
    String[] lines = (Printing.print(bound.value(0)) + "\n").split("\n", -1);
    int last = lines.length - 1; // the newline that was added is dropped again
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < last; i++) {
      boolean indented = i == 0 ? bound.truth(2, false) : blank || !lines[i].isEmpty();
      text.append(i == 0 ? "" : "\n").append(indented ? indent : "").append(lines[i]);
      Budget.requireText(text.length());
    }
    return Value.of(text.toString());
  }

  private static Value integer(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", 1, "value", "default");
    Value value = bound.value(0);
    if (value instanceof Value.Text text) {
      String digits = text.value().strip();
      try {
        return Value.of(Long.parseLong(digits));
      } catch (NumberFormatException e) {
        return truncated(digits, bound.value(1, Value.of(0)));
      }
    }
    if (value instanceof Value.Real real && Double.isFinite(real.value())) {
      return Value.of((long) real.value());
    }
    return Operators.isInteger(value)
        ? Value.of(Operators.integer(value))
        : bound.value(1, Value.of(0));
  }

  private static Value truncated(String number, Value otherwise) {
    try {
      double value = Double.parseDouble(number);
      return Double.isFinite(value) ? Value.of((long) value) : otherwise;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static Value real(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("float", 1, "value", "default");
    Value value = bound.value(0);
    if (value instanceof Value.Text text) {
      try {
        return new Value.Real(Double.parseDouble(text.value().strip()));
      } catch (NumberFormatException e) {
        return bound.value(1, new Value.Real(0));
      }
    }
    return Operators.isNumber(value)
        ? new Value.Real(Operators.real(value))
        : bound.value(1, new Value.Real(0));
  }

  private static Value absolute(Arguments arguments) {
    Value value = arguments.bind("abs", 1, "value").value(0);
    boolean negative = Operators.order(value, Value.of(0), "<") < 0;
    return negative ? Operators.negative(value) : value;
  }

  private static Value round(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", 1, "value", "precision", "method");
    double factor = Math.pow(10, bound.number(1, 0));
    double scaled = Operators.real(bound.value(0)) * factor;
    return switch (bound.text(2, "common")) {
      case "common" -> new Value.Real(Math.rint(scaled) / factor);
      case "ceil" -> new Value.Real(Math.ceil(scaled) / factor);
      case "floor" -> new Value.Real(Math.floor(scaled) / factor);
      default -> throw new TemplateFailed("round knows common, ceil and floor");
    };
  }

  /* Jinja's title: unlike Python's, an apostrophe does not begin a word. */
  private static String title(String text) {
    return WORD.matcher(text).replaceAll(Filters::titled);
  }

  private static String titled(MatchResult match) {
    return Matcher.quoteReplacement(PythonStrings.capitalize(match.group()));
  }

  /** The input of a filter as items. */
  static List<Value> items(Arguments.Bound bound) {
    return Access.iterate(bound.value(0));
  }
}
