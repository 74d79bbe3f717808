package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Truth, equality, order, membership and arithmetic as in Python. */
final class Operators {

  private static final int MAX_DEPTH = 100;

  /** A comparison operator. */
  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    IN,
    NOT_IN
  }

  /** An arithmetic operator. */
  enum Arithmetic {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    REMAINDER("%"),
    POWER("**");

    private final String symbol;

    Arithmetic(String symbol) {
      this.symbol = symbol;
    }

    static Arithmetic of(String symbol) {
      for (Arithmetic operator : values()) {
        if (operator.symbol.equals(symbol)) {
          return operator;
        }
      }
      throw new IllegalArgumentException(symbol);
    }
  }

  private Operators() {}

  static boolean isTrue(Value value) {
    return switch (value) {
      case Value.Undefined u -> false;
      case Value.None n -> false;
      case Value.Bool bool -> bool.value();
      case Value.Int number -> number.value() != 0;
      case Value.Real number -> number.value() != 0;
      case Value.Text text -> !text.value().isEmpty();
      case Value.Sequence sequence -> !sequence.items().isEmpty();
      case Value.Dict dict -> !dict.entries().isEmpty();
      case Value.Generator g -> true;
      case Value.Namespace n -> true;
      case Value.LoopVariable l -> true;
      case Value.Callable c -> true;
    };
  }

  static boolean compare(Comparison operator, Value left, Value right) {
    return switch (operator) {
      case EQUAL -> equal(left, right);
      case NOT_EQUAL -> !equal(left, right);
      case LESS -> order(left, right, "<") < 0;
      case LESS_OR_EQUAL -> order(left, right, "<=") <= 0;
      case GREATER -> order(left, right, ">") > 0;
      case GREATER_OR_EQUAL -> order(left, right, ">=") >= 0;
      case IN -> contains(right, left);
      case NOT_IN -> !contains(right, left);
    };
  }

  static boolean equal(Value left, Value right) {
    return equal(left, right, 0);
  }

  private static boolean equal(Value left, Value right, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFailed("values nested deeper than %d are compared".formatted(MAX_DEPTH));
    }
    if (isNumber(left) && isNumber(right)) {
      return (left instanceof Value.Real || right instanceof Value.Real)
          ? real(left) == real(right)
          : integer(left) == integer(right);
    }
    if (left instanceof Value.Sequence a && right instanceof Value.Sequence b) {
      return a.kind() == b.kind() && equalItems(a.items(), b.items(), depth);
    }
    if (left instanceof Value.Dict a && right instanceof Value.Dict b) {
      return equalEntries(a, b, depth);
    }
    if (left instanceof Value.Undefined && right instanceof Value.Undefined) {
      return true;
    }
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      return a.value().equals(b.value());
    }
    return isSame(left, right) || (left instanceof Value.None && right instanceof Value.None);
  }

  /** Python's {@code is}, for values that are not copied. */
  @SuppressWarnings("ReferenceEquality") // identity is what is asked for
  static boolean isSame(Value left, Value right) {
    return left == right;
  }

  private static boolean equalItems(List<Value> left, List<Value> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    Iterator<Value> others = right.iterator();
    for (Value value : left) {
      if (!equal(value, others.next(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(Value.Dict left, Value.Dict right, int depth) {
    if (left.entries().size() != right.entries().size()) {
      return false;
    }
    for (Map.Entry<Value, Value> entry : left.entries().entrySet()) {
      Value other = right.entries().get(entry.getKey());
      if (other == null || !equal(entry.getValue(), other, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /** The order of two values; fails where they have none. */
  static int order(Value left, Value right, String operator) {
    if (isNumber(left) && isNumber(right)) {
      return (left instanceof Value.Real || right instanceof Value.Real)
          ? Double.compare(real(left), real(right))
          : Long.compare(integer(left), integer(right));
    }
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      return compareCodePoints(a.value(), b.value());
    }
    if (left instanceof Value.Sequence a
        && right instanceof Value.Sequence b
        && a.kind() == b.kind()) {
      for (int i = 0; i < Math.min(a.items().size(), b.items().size()); i++) {
        if (!equal(a.items().get(i), b.items().get(i))) {
          return order(a.items().get(i), b.items().get(i), operator);
        }
      }
      return Integer.compare(a.items().size(), b.items().size());
    }
    throw unsupported(operator, left, right);
  }

  private static int compareCodePoints(String left, String right) {
    int at = 0;
    int end = Math.min(left.length(), right.length());
    while (at < end && left.charAt(at) == right.charAt(at)) {
      at++;
    }
    if (at == end) {
      return Integer.compare(left.length(), right.length());
    }
    boolean surrogates =
        Character.isSurrogate(left.charAt(at)) != Character.isSurrogate(right.charAt(at));
    int order = Character.compare(left.charAt(at), right.charAt(at));
    return surrogates ? (Character.isSurrogate(left.charAt(at)) ? 1 : -1) : order;
  }

  private static boolean contains(Value container, Value item) {
    return switch (container) {
      case Value.Undefined u -> false;
      case Value.Text text when item instanceof Value.Text part ->
          text.value().contains(part.value());
      case Value.Dict dict -> dict.entries().containsKey(Value.Dict.key(item));
      case Value.Sequence sequence -> sequence.items().stream().anyMatch(i -> equal(i, item));
      case Value.Generator generator -> generator.take().stream().anyMatch(i -> equal(i, item));
      default ->
          throw new TemplateFailed(
              "'in %s' is not possible for a %s".formatted(container.typeName(), item.typeName()));
    };
  }

  static Value negative(Value value) {
    if (value instanceof Value.Real real) {
      return new Value.Real(-real.value());
    }
    return calculate(Arithmetic.SUBTRACT, Value.of(0), value);
  }

  static Value calculate(Arithmetic operator, Value left, Value right) {
    if (left instanceof Value.Undefined undefined) {
      throw new TemplateFailed(undefined.message());
    }
    if (right instanceof Value.Undefined undefined) {
      throw new TemplateFailed(undefined.message());
    }
    if (isNumber(left) && isNumber(right)) {
      return Numbers.calculate(operator, left, right);
    }
    return switch (operator) {
      case ADD -> add(left, right);
      case MULTIPLY -> isInteger(left) ? repeat(right, left) : repeat(left, right);
      case SUBTRACT, DIVIDE, FLOOR_DIVIDE, REMAINDER, POWER ->
          throw unsupported(operator.symbol, left, right);
    };
  }

  private static Value add(Value left, Value right) {
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      Budget.requireText((long) a.value().length() + b.value().length());
      return Value.of(a.value() + b.value());
    }
    if (left instanceof Value.Sequence a
        && right instanceof Value.Sequence b
        && a.kind() == b.kind()
        && (a.kind() == Value.Sequence.Kind.LIST || a.kind() == Value.Sequence.Kind.TUPLE)) {
      Budget.requireItems((long) a.items().size() + b.items().size());
      List<Value> items = new ArrayList<>(a.items());
      items.addAll(b.items());
      return new Value.Sequence(a.kind(), items);
    }
    throw unsupported("+", left, right);
  }

  private static Value repeat(Value value, Value times) {
    if (!isInteger(times)) {
      throw unsupported("*", value, times);
    }
    long count = Math.max(0, integer(times));
    if (value instanceof Value.Text text) {
      Budget.requireText(saturatedProduct(text.value().length(), count));
      return Value.of(text.value().isEmpty() ? "" : text.value().repeat((int) count));
    }
    if (value instanceof Value.Sequence sequence && sequence.kind().isIndexable()) {
      Budget.requireItems(saturatedProduct(sequence.items().size(), count));
      List<Value> items = new ArrayList<>();
      for (long i = 0; i < count && !sequence.items().isEmpty(); i++) {
        items.addAll(sequence.items());
      }
      return new Value.Sequence(sequence.kind(), items);
    }
    throw unsupported("*", value, times);
  }

  private static long saturatedProduct(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  static boolean isNumber(Value value) {
    return isInteger(value) || value instanceof Value.Real;
  }

  static boolean isInteger(Value value) {
    return value instanceof Value.Int || value instanceof Value.Bool;
  }

  static long integer(Value value) {
    return switch (value) {
      case Value.Int number -> number.value();
      case Value.Bool bool -> bool.value() ? 1 : 0;
      default -> throw new TemplateFailed("a %s is not an integer".formatted(value.typeName()));
    };
  }

  static double real(Value value) {
    return value instanceof Value.Real real ? real.value() : integer(value);
  }

  private static TemplateFailed unsupported(String operator, Value left, Value right) {
    return new TemplateFailed(
        "%s %s %s is not possible"
            .formatted(left.typeName(), Objects.requireNonNull(operator), right.typeName()));
  }
}
