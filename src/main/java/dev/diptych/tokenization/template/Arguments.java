package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, filter or test. */
record Arguments(List<Value> positional, Map<String, Value> named) {

  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /**
   * These arguments by parameter.
   *
   * @param callee for the message when they do not fit
   * @param required how many of the parameters must be given
   */
  Bound bind(String callee, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new TemplateFailed(
          "%s takes at most %d arguments (got %d)"
              .formatted(callee, parameters.length, positional.size()));
    }
    List<@Nullable Value> values = new ArrayList<>();
    Map<String, Value> rest = new LinkedHashMap<>(named);
    for (int i = 0; i < parameters.length; i++) {
      Value byName = rest.remove(parameters[i]);
      Value byPosition = i < positional.size() ? positional.get(i) : null;
      if (byName != null && byPosition != null) {
        throw new TemplateFailed("%s has two values for %s".formatted(callee, parameters[i]));
      }
      Value value = byPosition == null ? byName : byPosition;
      if (value == null && i < required) {
        throw new TemplateFailed("%s needs the argument %s".formatted(callee, parameters[i]));
      }
      values.add(value);
    }
    if (!rest.isEmpty()) {
      throw new TemplateFailed("%s has no argument %s".formatted(callee, rest.keySet()));
    }
    return new Bound(callee, values);
  }

  /** The first positional argument and the others. */
  Arguments withoutFirst() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  Arguments withFirst(Value first) {
    List<Value> all = new ArrayList<>(positional.size() + 1);
    all.add(first);
    all.addAll(positional);
    return new Arguments(all, named);
  }

  /** Arguments by parameter, null where none was given. */
  record Bound(String callee, List<@Nullable Value> values) {

    boolean has(int parameter) {
      return values.get(parameter) != null;
    }

    Value value(int parameter) {
      Value value = values.get(parameter);
      if (value == null) {
        throw new TemplateFailed("%s lacks an argument".formatted(callee));
      }
      return value;
    }

    Value value(int parameter, Value otherwise) {
      Value value = values.get(parameter);
      return value == null ? otherwise : value;
    }

    String text(int parameter) {
      if (value(parameter) instanceof Value.Text text) {
        return text.value();
      }
      throw new TemplateFailed(
          "%s needs a string, not %s".formatted(callee, value(parameter).typeName()));
    }

    /** The text, or null if none was given or it is None. */
    @Nullable String textOrNull(int parameter) {
      return value(parameter, Value.None.NONE) instanceof Value.None ? null : text(parameter);
    }

    String text(int parameter, String otherwise) {
      String text = textOrNull(parameter);
      return text == null ? otherwise : text;
    }

    int number(int parameter, int otherwise) {
      return switch (value(parameter, Value.None.NONE)) {
        case Value.None none -> otherwise;
        case Value.Int number -> Math.clamp(number.value(), Integer.MIN_VALUE, Integer.MAX_VALUE);
        case Value.Bool bool -> bool.value() ? 1 : 0;
        case Value other ->
            throw new TemplateFailed(
                "%s needs an integer, not %s".formatted(callee, other.typeName()));
      };
    }

    boolean truth(int parameter, boolean otherwise) {
      return has(parameter) ? Operators.isTrue(value(parameter)) : otherwise;
    }
  }
}
