package dev.diptych.tokenization.template;

import java.util.Map;
import java.util.function.Predicate;

/** The tests after {@code is}. */
final class ValueTests {

  @FunctionalInterface
  private interface Check {
    boolean test(Value value, Arguments arguments);
  }

  private static final Map<String, Check> TESTS =
      Map.ofEntries(
          plain("defined", v -> !(v instanceof Value.Undefined)),
          plain("undefined", v -> v instanceof Value.Undefined),
          plain("none", v -> v instanceof Value.None),
          plain("boolean", v -> v instanceof Value.Bool),
          plain("true", v -> v instanceof Value.Bool bool && bool.value()),
          plain("false", v -> v instanceof Value.Bool bool && !bool.value()),
          plain("integer", v -> v instanceof Value.Int),
          plain("float", v -> v instanceof Value.Real),
          plain("number", Operators::isNumber),
          plain("string", v -> v instanceof Value.Text),
          plain("mapping", v -> v instanceof Value.Dict),
          plain("sequence", ValueTests::isSequence),
          plain("iterable", v -> isSequence(v) || isIterableOnly(v)),
          plain("callable", v -> v instanceof Value.Callable),
          plain("lower", v -> StringMethods.isLower(Printing.print(v))),
          plain("upper", v -> StringMethods.isUpper(Printing.print(v))),
          plain("odd", v -> Math.floorMod(Operators.integer(v), 2) == 1),
          plain("even", v -> Math.floorMod(Operators.integer(v), 2) == 0),
          comparing("divisibleby", ValueTests::divisible),
          comparing("sameas", ValueTests::same),
          comparing("eq", Operators::equal),
          comparing("equalto", Operators::equal),
          comparing("==", Operators::equal),
          comparing("ne", (a, b) -> !Operators.equal(a, b)),
          comparing("!=", (a, b) -> !Operators.equal(a, b)),
          comparing("lt", (a, b) -> Operators.order(a, b, "<") < 0),
          comparing("lessthan", (a, b) -> Operators.order(a, b, "<") < 0),
          comparing("<", (a, b) -> Operators.order(a, b, "<") < 0),
          comparing("le", (a, b) -> Operators.order(a, b, "<=") <= 0),
          comparing("<=", (a, b) -> Operators.order(a, b, "<=") <= 0),
          comparing("gt", (a, b) -> Operators.order(a, b, ">") > 0),
          comparing("greaterthan", (a, b) -> Operators.order(a, b, ">") > 0),
          comparing(">", (a, b) -> Operators.order(a, b, ">") > 0),
          comparing("ge", (a, b) -> Operators.order(a, b, ">=") >= 0),
          comparing(">=", (a, b) -> Operators.order(a, b, ">=") >= 0),
          comparing("in", (a, b) -> Operators.compare(Operators.Comparison.IN, a, b)));

  private interface Relation {
    boolean test(Value left, Value right);
  }

  private ValueTests() {}

  static boolean has(String name) {
    return TESTS.containsKey(name);
  }

  static boolean test(String name, Value value, Arguments arguments) {
    Check check = TESTS.get(name);
    if (check == null) {
      throw new TemplateFailed("the test '%s' is not supported".formatted(name));
    }
    return check.test(value, arguments);
  }

  private static Map.Entry<String, Check> plain(String name, Predicate<Value> predicate) {
    return Map.entry(
        name,
        (value, arguments) -> {
          arguments.bind(name, 0);
          return predicate.test(value);
        });
  }

  private static Map.Entry<String, Check> comparing(String name, Relation relation) {
    return Map.entry(
        name,
        (value, arguments) -> relation.test(value, arguments.bind(name, 1, "other").value(0)));
  }

  private static boolean isSequence(Value value) {
    return value instanceof Value.Text
        || value instanceof Value.Dict
        || value instanceof Value.Undefined
        || (value instanceof Value.Sequence sequence && sequence.kind().isIndexable());
  }

  private static boolean isIterableOnly(Value value) {
    return value instanceof Value.Sequence || value instanceof Value.Generator;
  }

  private static boolean divisible(Value value, Value by) {
    return Operators.equal(
        Operators.calculate(Operators.Arithmetic.REMAINDER, value, by), Value.of(0));
  }

  private static boolean same(Value left, Value right) {
    boolean scalars =
        left.typeName().equals(right.typeName())
            && !(left instanceof Value.Sequence)
            && !(left instanceof Value.Dict);
    return Operators.isSame(left, right) || (scalars && Operators.equal(left, right));
  }
}
