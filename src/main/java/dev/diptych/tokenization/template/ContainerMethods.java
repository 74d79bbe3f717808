package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;

/** The methods of lists, tuples and dicts. */
final class ContainerMethods {

  private ContainerMethods() {}

  static Value method(Value.Sequence target, String name) {
    Value.Callable.Body body =
        switch (name) {
          case "append" -> arguments -> append(target, arguments);
          case "index" -> arguments -> index(target, arguments);
          case "count" ->
              arguments -> {
                Value wanted = arguments.bind("count", 1, "value").value(0);
                return Value.of(
                    target.items().stream().filter(i -> Operators.equal(i, wanted)).count());
              };
          default -> null;
        };
    boolean has = target.kind() == Value.Sequence.Kind.LIST || !name.equals("append");
    return body == null || !has || !target.kind().isIndexable()
        ? Access.missing(target, name)
        : new Value.Callable(name, body);
  }

  private static Value append(Value.Sequence target, Arguments arguments) {
    Budget.requireItems(target.items().size() + 1L);
    target.items().add(arguments.bind("append", 1, "object").value(0));
    return Value.None.NONE;
  }

  private static Value index(Value.Sequence target, Arguments arguments) {
    Value wanted = arguments.bind("index", 1, "value").value(0);
    for (int i = 0; i < target.items().size(); i++) {
      if (Operators.equal(target.items().get(i), wanted)) {
        return Value.of(i);
      }
    }
    throw new TemplateFailed("%s is not in the list".formatted(Printing.repr(wanted)));
  }

  static Value method(Value.Dict target, String name) {
    Value.Callable.Body body =
        switch (name) {
          case "get" ->
              arguments -> {
                Arguments.Bound bound = arguments.bind("get", 1, "key", "default");
                Value value = target.entries().get(Value.Dict.key(bound.value(0)));
                return value == null ? bound.value(1, Value.None.NONE) : value;
              };
          case "items" ->
              arguments -> view(Value.Sequence.Kind.ITEMS, Access.entries(target), arguments);
          case "keys" ->
              arguments ->
                  view(
                      Value.Sequence.Kind.KEYS,
                      new ArrayList<>(target.entries().keySet()),
                      arguments);
          case "values" ->
              arguments ->
                  view(
                      Value.Sequence.Kind.VALUES,
                      new ArrayList<>(target.entries().values()),
                      arguments);
          default -> null;
        };
    return body == null ? Access.missing(target, name) : new Value.Callable(name, body);
  }

  private static Value view(Value.Sequence.Kind kind, List<Value> items, Arguments arguments) {
    arguments.bind(kind.typeName(), 0);
    return new Value.Sequence(kind, items);
  }
}
