package dev.diptych.tokenization.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The expressions of a template. */
sealed interface Expression {

  record Literal(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items, boolean tuple) implements Expression {}

  record DictOf(List<Entry> entries) implements Expression {

    record Entry(Expression key, Expression value) {}
  }

  record Negative(Expression operand) implements Expression {}

  record Positive(Expression operand) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Arithmetic(Operators.Arithmetic operator, Expression left, Expression right)
      implements Expression {}

  /** {@code a < b <= c}: every neighbouring pair must compare. */
  record Compare(Expression first, List<Step> steps) implements Expression {

    record Step(Operators.Comparison operator, Expression operand) {}
  }

  /** Parts joined by {@code ~}. */
  record Concat(List<Expression> parts) implements Expression {}

  record Conditional(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  record Attribute(Expression target, String name) implements Expression {}

  record Item(Expression target, Expression key) implements Expression {}

  record Slice(
      Expression target,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {}

  record Call(Expression callee, ArgumentList arguments) implements Expression {}

  record Filter(Expression input, String name, ArgumentList arguments) implements Expression {}

  record Test(Expression input, String name, ArgumentList arguments) implements Expression {}

  /** Arguments as written; the spread ones come from {@code *list} and {@code **dict}. */
  record ArgumentList(
      List<Expression> positional,
      Map<String, Expression> named,
      @Nullable Expression spreadPositional,
      @Nullable Expression spreadNamed) {

    static final ArgumentList NONE = of(List.of());

    static ArgumentList of(List<Expression> positional) {
      return new ArgumentList(positional, Map.of(), null, null);
    }
  }
}
