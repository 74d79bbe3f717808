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

  /** A filter whose work grows with its input beyond what it returns. */
  @FunctionalInterface
  interface BudgetedFilter {
    Value apply(Arguments arguments, Budget budget);
  }

  static final Map<String, BudgetedFilter> FILTERS =
      Map.ofEntries(
          Map.entry("length", (a, b) -> length(a)),
          Map.entry("count", (a, b) -> length(a)),
          Map.entry("list", (a, b) -> Value.list(Filters.items(a.bind("list", 1, "value")))),
          Map.entry("first", (a, b) -> first(Filters.items(a.bind("first", 1, "seq")))),
          Map.entry("last", (a, b) -> first(Filters.items(a.bind("last", 1, "seq")).reversed())),
          Map.entry("reverse", (a, b) -> reverse(a)),
          Map.entry("join", (a, b) -> joined(a)),
          Map.entry("items", (a, b) -> items(a)),
          Map.entry("dictsort", SequenceFilters::dictSort),
          Map.entry("sort", SequenceFilters::sort),
          Map.entry("unique", SequenceFilters::unique),
          Map.entry("map", SequenceFilters::map),
          Map.entry("select", (a, b) -> chosen(a, false, true, b)),
          Map.entry("reject", (a, b) -> chosen(a, false, false, b)),
          Map.entry("selectattr", (a, b) -> chosen(a, true, true, b)),
          Map.entry("rejectattr", (a, b) -> chosen(a, true, false, b)),
          Map.entry("sum", SequenceFilters::sum),
          Map.entry("min", (a, b) -> extreme(a, "min", 1, b)),
          Map.entry("max", (a, b) -> extreme(a, "max", -1, b)));

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
      Budget.requireText(text.length());
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

  private static Value dictSort(Arguments arguments, Budget budget) {
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
        pair -> fold(Access.iterate(pair).get(position), bound.truth(1, false)),
        bound.truth(3, false),
        budget);
  }

  private static Value sort(Arguments arguments, Budget budget) {
    Arguments.Bound bound =
        arguments.bind("sort", 1, "value", "reverse", "case_sensitive", "attribute");
    UnaryOperator<Value> key = bound.has(3) ? attribute(bound.value(3)) : value -> value;
    return sorted(
        Filters.items(bound),
        value -> fold(key.apply(value), bound.truth(2, false)),
        bound.truth(1, false),
        budget);
  }

  private record Keyed(Value key, Value item) {}

  private static Value sorted(
      List<Value> items, UnaryOperator<Value> key, boolean reverse, Budget budget) {
    List<Keyed> keyed = new ArrayList<>();
    for (Value item : items) {
      Value itsKey = key.apply(item);
      budget.spend(itsKey);
      keyed.add(new Keyed(itsKey, item));
    }
    Comparator<Keyed> order =
        (a, b) -> {
          budget.step();
          return Operators.order(a.key(), b.key(), "<");
        };
    keyed.sort(reverse ? order.reversed() : order);
    return Value.list(keyed.stream().map(Keyed::item).toList());
  }

  private static Value fold(Value value, boolean caseSensitive) {
    return value instanceof Value.Text text && !caseSensitive
        ? Value.of(text.value().toLowerCase(Locale.ROOT))
        : value;
  }

  private static Value unique(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("unique", 1, "value", "case_sensitive", "attribute");
    UnaryOperator<Value> key = bound.has(2) ? attribute(bound.value(2)) : value -> value;
    Set<Value> seen = new HashSet<>();
    List<Value> items = new ArrayList<>();
    for (Value item : Filters.items(bound)) {
      budget.step();
      if (seen.add(Value.Dict.key(fold(key.apply(item), bound.truth(1, false))))) {
        items.add(item);
      }
    }
    return generator(items);
  }

  private static Value map(Arguments arguments, Budget budget) {
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
    List<Value> mapped = new ArrayList<>();
    for (Value item : Access.iterate(input)) {
      budget.step();
      Value value = Filters.apply(filter, item, options, budget);
      budget.spend(value);
      mapped.add(value);
    }
    return generator(mapped);
  }

  /* select, reject, selectattr and rejectattr: by a test, or by truth if none is named. */
  private static Value chosen(
      Arguments arguments, boolean byAttribute, boolean wanted, Budget budget) {
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
    List<Value> chosen = new ArrayList<>();
    for (Value item : items) {
      budget.step();
      if (test.test(subjectOf.apply(item)) == wanted) {
        chosen.add(item);
      }
    }
    return generator(chosen);
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

  private static Value sum(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("sum", 1, "iterable", "attribute", "start");
    UnaryOperator<Value> key =
        bound.value(1, Value.None.NONE) instanceof Value.None ? v -> v : attribute(bound.value(1));
    Value sum = bound.value(2, Value.of(0));
    for (Value item : Filters.items(bound)) {
      budget.step();
      sum = Operators.calculate(Operators.Arithmetic.ADD, sum, key.apply(item));
      budget.spend(sum);
    }
    return sum;
  }

  private static Value extreme(Arguments arguments, String name, int sign, Budget budget) {
    Arguments.Bound bound = arguments.bind(name, 1, "value", "case_sensitive", "attribute");
    UnaryOperator<Value> key = bound.has(2) ? attribute(bound.value(2)) : value -> value;
    boolean caseSensitive = bound.truth(1, false);
    Value best = null;
    for (Value item : Filters.items(bound)) {
      budget.step();
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
