package dev.diptych.tokenization.template;

import java.util.List;

/** A running {@code for} loop. */
final class Loop {

  private final List<Value> items;
  private int index0;
  private List<Value> seen = List.of();

  Loop(List<Value> items) {
    this.items = items;
  }

  void moveTo(int index) {
    index0 = index;
  }

  Value attribute(String name) {
    return switch (name) {
      case "index" -> Value.of(index0 + 1);
      case "index0" -> Value.of(index0);
      case "revindex" -> Value.of(items.size() - index0);
      case "revindex0" -> Value.of(items.size() - index0 - 1);
      case "first" -> Value.of(index0 == 0);
      case "last" -> Value.of(index0 == items.size() - 1);
      case "length" -> Value.of(items.size());
      case "depth" -> Value.of(1); // deeper only in recursive loops
      case "depth0" -> Value.of(0);
      case "previtem" -> item(index0 - 1, "there is no previous item");
      case "nextitem" -> item(index0 + 1, "there is no next item");
      case "cycle" -> new Value.Callable("loop.cycle", this::cycle);
      case "changed" -> new Value.Callable("loop.changed", this::changed);
      default -> new Value.Undefined("'loop' has no attribute '%s'".formatted(name));
    };
  }

  private Value item(int index, String missing) {
    return index < 0 || index >= items.size() ? new Value.Undefined(missing) : items.get(index);
  }

  private Value cycle(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw new TemplateFailed("loop.cycle needs an argument");
    }
    return arguments.positional().get(index0 % arguments.positional().size());
  }

  private Value changed(Arguments arguments) {
    boolean same = Operators.equal(Value.list(seen), Value.list(arguments.positional()));
    boolean first = seen.isEmpty() && !arguments.positional().isEmpty();
    seen = List.copyOf(arguments.positional());
    return Value.of(first || !same);
  }
}
