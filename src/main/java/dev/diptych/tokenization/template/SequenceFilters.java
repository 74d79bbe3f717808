package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The filters of lists, dicts and other sequences. */
final class SequenceFilters {

  static final Map<String, Filters.Filter> FILTERS =
      Map.ofEntries(
          Map.entry("length", SequenceFilters::length),
          Map.entry("count", SequenceFilters::length),
          Map.entry("list", a -> Value.list(Filters.items(a.bind("list", 1, "value")))),
          Map.entry("first", a -> first(Filters.items(a.bind("first", 1, "seq")))),
          Map.entry("last", a -> first(Filters.items(a.bind("last", 1, "seq")).reversed())),
          Map.entry("reverse", SequenceFilters::reverse),
          Map.entry("join", SequenceFilters::joined),
          Map.entry("items", SequenceFilters::items),
          Map.entry("dictsort", SequenceFilters::dictSort),
          Map.entry("sort", SequenceFilters::sort),
          Map.entry("unique", SequenceFilters::unique),
          Map.entry("map", SequenceFilters::map),
          Map.entry("select", a -> chosen(a, false, true)),
          Map.entry("reject", a -> chosen(a, false, false)),
          Map.entry("selectattr", a -> chosen(a, true, true)),
          Map.entry("rejectattr", a -> chosen(a, true, false)),
          Map.entry("sum", SequenceFilters::sum),
          Map.entry("min", a -> extreme(a, "min", 1)),
          Map.entry("max", a -> extreme(a, "max", -1)));

  private SequenceFilters() {}

  private static Value length(Arguments arguments) {
    return Value.of(Access.length(arguments.bind("length", 1, "value").value(0)));
  }

  private static Value first(List<Value> items) {
    return items.isEmpty()
        ? new Value.Undefined("the first or last of an empty sequence")
        : items.getFirst();
  }

  private static Value reverse(Arguments arguments) {
    Value value = arguments.bind("reverse", 1, "value").value(0);
    if (value instanceof Value.Text text) {
      return Value.of(new StringBuilder(text.value()).reverse().toString());
    }
    return generator(Access.iterate(value).reversed());
  }

  private static Value generator(List<Value> items) {
    return new Value.Generator(new ArrayList<>(items));
  }

  private static Value joined(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("join", 1, "value", "d", "attribute");
    List<Value> items = Filters.items(bound);
    if (bound.has(2)) {
      UnaryOperator<Value> attribute = attribute(bound.value(2));
      items = items.stream().map(attribute).toList();
    }
    return Value.of(join(Printing.print(bound.value(1, Value.of(""))), items));
  }

  /** The method {@code separator.join(strings)}. */
  static Value join(String separator, Arguments.Bound bound) {
    List<Value> items = Access.iterate(bound.value(0));
    for (Value item : items) {
      if (!(item instanceof Value.Text)) {
        throw new TemplateFailed("join needs strings, not %s".formatted(item.typeName()));
      }
    }
    return Value.of(join(separator, items));
  }

  private static String join(String separator, List<Value> items) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      text.append(i == 0 ? "" : separator).append(Printing.print(items.get(i)));
      Budget.requireSize(text.length());
    }
    return text.toString();
  }

  private static Value items(Arguments arguments) {
    return switch (arguments.bind("items", 1, "value").value(0)) {
      case Value.Undefined u -> generator(List.of());
      case Value.Dict dict -> generator(Access.entries(dict));
      case Value other ->
          throw new TemplateFailed("items needs a dict, not %s".formatted(other.typeName()));
    };
  }

  private static Value dictSort(Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("dictsort", 1, "value", "case_sensitive", "by", "reverse");
    if (!(bound.value(0) instanceof Value.Dict dict)) {
      throw new TemplateFailed("dictsort needs a dict, not " + bound.value(0).typeName());
    }
    int position =
        switch (bound.text(2, "key")) {
          case "key" -> 0;
          case "value" -> 1;
          default -> throw new TemplateFailed("dictsort sorts by key or value");
        };
    return sorted(
        Access.entries(dict),
        pair -> Access.iterate(pair).get(position),
        bound.truth(1, false),
        bound.truth(3, false));
  }

  private static Value sort(Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("sort", 1, "value", "reverse", "case_sensitive", "attribute");
    return sorted(
        Filters.items(bound),
        bound.has(3) ? attribute(bound.value(3)) : value -> value,
        bound.truth(2, false),
        bound.truth(1, false));
  }

  private static Value sorted(
      List<Value> items, UnaryOperator<Value> key, boolean caseSensitive, boolean reverse) {
    UnaryOperator<Value> folded = value -> fold(key.apply(value), caseSensitive);
    Comparator<Value> order = (a, b) -> Operators.order(folded.apply(a), folded.apply(b), "<");
    List<Value> sorted = new ArrayList<>(items);
    sorted.sort(reverse ? order.reversed() : order);
    return Value.list(sorted);
  }

  private static Value fold(Value value, boolean caseSensitive) {
    return value instanceof Value.Text text && !caseSensitive
        ? Value.of(text.value().toLowerCase(Locale.ROOT))
        : value;
  }

  private static Value unique(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("unique", 1, "value", "case_sensitive", "attribute");
    UnaryOperator<Value> key = bound.has(2) ? attribute(bound.value(2)) : value -> value;
    Set<Value> seen = new HashSet<>();
    List<Value> items = new ArrayList<>();
    for (Value item : Filters.items(bound)) {
      if (seen.add(Value.Dict.key(fold(key.apply(item), bound.truth(1, false))))) {
        items.add(item);
      }
    }
    return generator(items);
  }

  private static Value map(Arguments arguments) {
    Value input = arguments.positional().getFirst();
    if (arguments.positional().size() == 1 && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", 2, "value", "attribute", "default");
      UnaryOperator<Value> attribute = attribute(bound.value(1));
      return generator(
          Access.iterate(input).stream()
              .map(attribute)
              .map(v -> v instanceof Value.Undefined ? bound.value(2, v) : v)
              .toList());
    }
    Arguments rest = arguments.withoutFirst();
    if (rest.positional().isEmpty()) {
      throw new TemplateFailed("map needs a filter or an attribute");
    }
    String filter = Printing.print(rest.positional().getFirst());
    Arguments options = rest.withoutFirst();
    return generator(
        Access.iterate(input).stream().map(v -> Filters.apply(filter, v, options)).toList());
  }

  /* select, reject, selectattr and rejectattr: by a test, or by truth if none is named. */
  private static Value chosen(Arguments arguments, boolean byAttribute, boolean wanted) {
    List<Value> items = Access.iterate(arguments.positional().getFirst());
    Arguments rest = arguments.withoutFirst();
    UnaryOperator<Value> subject = value -> value;
    if (byAttribute) {
      if (rest.positional().isEmpty()) {
        throw new TemplateFailed("selectattr and rejectattr need an attribute");
      }
      subject = attribute(rest.positional().getFirst());
      rest = rest.withoutFirst();
    }
    Predicate<Value> test = test(rest);
    UnaryOperator<Value> subjectOf = subject;
    return generator(items.stream().filter(v -> test.test(subjectOf.apply(v)) == wanted).toList());
  }

  private static Predicate<Value> test(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      return Operators::isTrue;
    }
    String name = Printing.print(arguments.positional().getFirst());
    Arguments operands = arguments.withoutFirst();
    return value -> ValueTests.test(name, value, operands);
  }

  /* An attribute's name may be a path with dots, or an index. */
  private static UnaryOperator<Value> attribute(Value name) {
    if (Operators.isInteger(name)) {
      return value -> Access.item(value, name);
    }
    List<Value> path = PythonStrings.split(Printing.print(name), ".", -1);
    return value -> {
      Value current = value;
      for (Value step : path) {
        String key = Printing.print(step);
        boolean index =
            !key.isEmpty() && key.length() < 10 && key.chars().allMatch(Character::isDigit);
        current = Access.item(current, index ? Value.of(Long.parseLong(key)) : step);
      }
      return current;
    };
  }

  private static Value sum(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("sum", 1, "iterable", "attribute", "start");
    UnaryOperator<Value> key =
        bound.value(1, Value.None.NONE) instanceof Value.None ? v -> v : attribute(bound.value(1));
    Value sum = bound.value(2, Value.of(0));
    for (Value item : Filters.items(bound)) {
      sum = Operators.calculate(Operators.Arithmetic.ADD, sum, key.apply(item));
    }
    return sum;
  }

  private static Value extreme(Arguments arguments, String name, int sign) {
    Arguments.Bound bound = arguments.bind(name, 1, "value", "case_sensitive", "attribute");
    UnaryOperator<Value> key = bound.has(2) ? attribute(bound.value(2)) : value -> value;
    boolean caseSensitive = bound.truth(1, false);
    Value best = null;
    for (Value item : Filters.items(bound)) {
      if (best == null
          || sign
                  * Operators.order(
                      fold(key.apply(item), caseSensitive),
                      fold(key.apply(best), caseSensitive),
                      "<")
              < 0) {
        best = item;
      }
    }
    return best == null ? new Value.Undefined("the %s of nothing".formatted(name)) : best;
  }
}
