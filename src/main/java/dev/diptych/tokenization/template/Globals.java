package dev.diptych.tokenization.template;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template sees. */
final class Globals {

  private Globals() {}

  static void define(Scope scope, Clock clock) {
    define(scope, "range", Globals::range);
    define(scope, "namespace", Globals::namespace);
    define(scope, "dict", arguments -> new Value.Dict(named("dict", arguments)));
    define(
        scope,
        "raise_exception",
        arguments -> {
          Value message = arguments.bind("raise_exception", 1, "message").value(0);
          throw new RejectedByTemplate(Printing.print(message));
        });
    define(
        scope,
        "strftime_now",
        arguments ->
            Value.of(
                DateFormat.format(
                    arguments.bind("strftime_now", 1, "format").text(0),
                    LocalDateTime.now(clock))));
  }

  private static void define(Scope scope, String name, Value.Callable.Body body) {
    scope.set(name, new Value.Callable(name, body));
  }

  private static Value range(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("range", 1, "start", "stop", "step");
    boolean fromZero = !bound.has(1);
    long start = fromZero ? 0 : Operators.integer(bound.value(0));
    long stop = Operators.integer(bound.value(fromZero ? 0 : 1));
    long step = Operators.integer(bound.value(2, Value.of(1)));
    if (step == 0) {
      throw new TemplateFailed("range needs a step that is not zero");
    }
    double size = Math.ceil(((double) stop - start) / step);
    Budget.requireItems((long) size);
    List<Value> numbers = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      numbers.add(Value.of(start + i * step));
    }
    return new Value.Sequence(Value.Sequence.Kind.RANGE, numbers);
  }

  private static Value namespace(Arguments arguments) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    named("namespace", arguments)
        .forEach((name, value) -> attributes.put(Printing.print(name), value));
    return new Value.Namespace(attributes);
  }

  /* Named arguments over the entries of a dict that may come first. */
  private static Map<Value, Value> named(String callee, Arguments arguments) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    for (Value first : arguments.positional()) {
      if (!(first instanceof Value.Dict dict)) {
        throw new TemplateFailed("%s needs a dict, not %s".formatted(callee, first.typeName()));
      }
      entries.putAll(dict.entries());
    }
    arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
    return entries;
  }
}
