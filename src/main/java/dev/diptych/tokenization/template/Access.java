package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Attributes, items, slices and iteration of values. */
final class Access {

  private Access() {}

  /** {@code value.name}: a method or attribute, else an item of that name. */
  static Value attribute(Value target, String name) {
    Value found =
        switch (target) {
          case Value.Undefined undefined -> throw new TemplateFailed(undefined.message());
          case Value.Text text -> StringMethods.method(text.value(), name);
          case Value.Sequence sequence -> ContainerMethods.method(sequence, name);
          case Value.Dict dict -> {
            Value method = ContainerMethods.method(dict, name);
            Value entry = dict.entries().get(Value.of(name));
            yield method instanceof Value.Undefined && entry != null ? entry : method;
          }
          case Value.Namespace namespace ->
              namespace.attributes().getOrDefault(name, missing(target, name));
          case Value.LoopVariable variable -> variable.loop().attribute(name);
          case Value.None n -> missing(target, name);
          case Value.Bool b -> missing(target, name);
          case Value.Int i -> missing(target, name);
          case Value.Real r -> missing(target, name);
          case Value.Generator g -> missing(target, name);
          case Value.Callable callable when name.equals("name") -> Value.of(callable.name());
          case Value.Callable c -> missing(target, name);
        };
    return found;
  }

  static Value missing(Value target, String name) {
    return new Value.Undefined(
        "'%s object' has no attribute '%s'".formatted(target.typeName(), name));
  }

  /** {@code value[key]}: an item, else the attribute of that name. */
  static Value item(Value target, Value key) {
    Value found =
        switch (target) {
          case Value.Undefined undefined -> throw new TemplateFailed(undefined.message());
          case Value.Dict dict -> dictItem(dict, key);
          case Value.Sequence sequence when sequence.kind().isIndexable() ->
              indexed(sequence, sequence.items(), key);
          case Value.Text text when Operators.isInteger(key) -> character(text, key);
          default -> missingItem(target, key);
        };
    boolean absent = found instanceof Value.Undefined;
    return absent && key instanceof Value.Text name && !(target instanceof Value.Dict)
        ? attribute(target, name.value())
        : found;
  }

  private static Value dictItem(Value.Dict dict, Value key) {
    Value value = dict.entries().get(Value.Dict.key(key));
    if (value != null) {
      return value;
    }
    return key instanceof Value.Text name
        ? ContainerMethods.method(dict, name.value())
        : missingItem(dict, key);
  }

  private static Value missingItem(Value target, Value key) {
    return new Value.Undefined(
        "'%s object' has no element %s".formatted(target.typeName(), Printing.repr(key)));
  }

  private static Value indexed(Value target, List<Value> items, Value key) {
    if (!Operators.isInteger(key)) {
      return missingItem(target, key);
    }
    long index = Operators.integer(key);
    long at = index < 0 ? index + items.size() : index;
    return at < 0 || at >= items.size() ? missingItem(target, key) : items.get((int) at);
  }

  private static Value character(Value.Text text, Value key) {
    int length = PythonStrings.length(text.value());
    long index = Operators.integer(key);
    long at = index < 0 ? index + length : index;
    if (at < 0 || at >= length) {
      return missingItem(text, key);
    }
    int unit = text.value().offsetByCodePoints(0, (int) at);
    return Value.of(Character.toString(text.value().codePointAt(unit)));
  }

  /** {@code value[start:stop:step]}, with none for what is not given. */
  static Value slice(Value target, Value start, Value stop, Value step) {
    return switch (target) {
      case Value.Undefined undefined -> throw new TemplateFailed(undefined.message());
      case Value.Text text -> {
        int[] characters = text.value().codePoints().toArray();
        StringBuilder part = new StringBuilder();
        for (int i : indexes(characters.length, start, stop, step)) {
          part.appendCodePoint(characters[i]);
        }
        yield Value.of(part.toString());
      }
      case Value.Sequence sequence when sequence.kind().isIndexable() -> {
        List<Value> part = new ArrayList<>();
        for (int i : indexes(sequence.items().size(), start, stop, step)) {
          part.add(sequence.items().get(i));
        }
        yield new Value.Sequence(sequence.kind(), part);
      }
      default -> new Value.Undefined("a %s cannot be sliced".formatted(target.typeName()));
    };
  }

  private static int[] indexes(int size, Value start, Value stop, Value step) {
    long by = step instanceof Value.None ? 1 : Operators.integer(step);
    if (by == 0) {
      throw new TemplateFailed("slice step cannot be zero");
    }
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? size : size - 1L;
    long from = bound(start, size, by > 0 ? lowest : highest, lowest, highest);
    long to = bound(stop, size, by > 0 ? highest : lowest, lowest, highest);
    List<Integer> indexes = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i = Math.clamp(i + by, -1L, size)) {
      indexes.add((int) i);
    }
    return indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long bound(Value bound, int size, long otherwise, long lowest, long highest) {
    if (bound instanceof Value.None) {
      return otherwise;
    }
    long index = Operators.integer(bound);
    return Math.clamp(index < 0 ? index + size : index, lowest, highest);
  }

  /** The items of what can be iterated. */
  static List<Value> iterate(Value value) {
    return switch (value) {
      case Value.Undefined u -> List.of();
      case Value.Sequence sequence -> List.copyOf(sequence.items());
      case Value.Generator generator -> generator.take();
      case Value.Dict dict -> List.copyOf(dict.entries().keySet());
      case Value.Text text -> PythonStrings.characters(text.value());
      default ->
          throw new TemplateFailed("'%s' object is not iterable".formatted(value.typeName()));
    };
  }

  /** Python's {@code len}. */
  static int length(Value value) {
    return switch (value) {
      case Value.Undefined u -> 0;
      case Value.Sequence sequence -> sequence.items().size();
      case Value.Dict dict -> dict.entries().size();
      case Value.Text text -> PythonStrings.length(text.value());
      default -> throw new TemplateFailed("a %s has no length".formatted(value.typeName()));
    };
  }

  /** The entries of a dict as pairs. */
  static List<Value> entries(Value.Dict dict) {
    List<Value> entries = new ArrayList<>();
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      entries.add(Value.tuple(List.of(entry.getKey(), entry.getValue())));
    }
    return entries;
  }
}
