package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions within a budget. */
final class Evaluator {

  private final Budget budget;

  Evaluator(Budget budget) {
    this.budget = budget;
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.enter();
    Value value =
        switch (expression) {
          case Expression.Literal literal -> literal.value();
          case Expression.Name name -> scope.get(name.name());
          case Expression.ListOf list -> list(list, scope);
          case Expression.DictOf dict -> dict(dict, scope);
          case Expression.Not not -> Value.of(!isTrue(not.operand(), scope));
          case Expression.And and -> and(and, scope);
          case Expression.Or or -> or(or, scope);
          case Expression.Negative negative ->
              Operators.negative(evaluate(negative.operand(), scope));
          case Expression.Positive positive ->
              Operators.calculate(
                  Operators.Arithmetic.ADD, Value.of(0), evaluate(positive.operand(), scope));
          case Expression.Arithmetic arithmetic -> made(arithmetic(arithmetic, scope));
          case Expression.Compare compare -> compare(compare, scope);
          case Expression.Concat concat -> made(concat(concat, scope));
          case Expression.Conditional conditional -> conditional(conditional, scope);
          case Expression.Attribute attribute ->
              Access.attribute(evaluate(attribute.target(), scope), attribute.name());
          case Expression.Item item ->
              Access.item(evaluate(item.target(), scope), evaluate(item.key(), scope));
          case Expression.Slice slice -> made(slice(slice, scope));
          case Expression.Call call -> made(call(call, scope));
          case Expression.Filter filter -> made(filter(filter, scope));
          case Expression.Test test ->
              Value.of(
                  ValueTests.test(
                      test.name(),
                      evaluate(test.input(), scope),
                      arguments(test.arguments(), scope)));
        };
    budget.leave();
    return value;
  }

  private Value made(Value value) {
    budget.spend(value);
    return value;
  }

  boolean isTrue(Expression expression, Scope scope) {
    return Operators.isTrue(evaluate(expression, scope));
  }

  private Value list(Expression.ListOf list, Scope scope) {
    List<Value> items = new ArrayList<>(list.items().size());
    list.items().forEach(item -> items.add(evaluate(item, scope)));
    return list.tuple() ? Value.tuple(items) : Value.list(items);
  }

  private Value dict(Expression.DictOf dict, Scope scope) {
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    for (Expression.DictOf.Entry entry : dict.entries()) {
      entries.put(Value.Dict.key(evaluate(entry.key(), scope)), evaluate(entry.value(), scope));
    }
    return new Value.Dict(entries);
  }

  private Value and(Expression.And and, Scope scope) {
    Value left = evaluate(and.left(), scope);
    return Operators.isTrue(left) ? evaluate(and.right(), scope) : left;
  }

  private Value or(Expression.Or or, Scope scope) {
    Value left = evaluate(or.left(), scope);
    return Operators.isTrue(left) ? left : evaluate(or.right(), scope);
  }

  private Value arithmetic(Expression.Arithmetic arithmetic, Scope scope) {
    Value left = evaluate(arithmetic.left(), scope);
    return Operators.calculate(arithmetic.operator(), left, evaluate(arithmetic.right(), scope));
  }

  private Value compare(Expression.Compare compare, Scope scope) {
    Value left = evaluate(compare.first(), scope);
    for (Expression.Compare.Step step : compare.steps()) {
      Value right = evaluate(step.operand(), scope);
      if (!Operators.compare(step.operator(), left, right)) {
        return Value.Bool.FALSE;
      }
      left = right;
    }
    return Value.Bool.TRUE;
  }

  private Value concat(Expression.Concat concat, Scope scope) {
    StringBuilder text = new StringBuilder();
    for (Expression part : concat.parts()) {
      text.append(Printing.print(evaluate(part, scope)));
      Budget.requireText(text.length());
    }
    return Value.of(text.toString());
  }

  private Value conditional(Expression.Conditional conditional, Scope scope) {
    if (isTrue(conditional.condition(), scope)) {
      return evaluate(conditional.then(), scope);
    }
    Expression otherwise = conditional.otherwise();
    return otherwise == null
        ? new Value.Undefined("an 'if' without 'else' was false")
        : evaluate(otherwise, scope);
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    return Access.slice(
        evaluate(slice.target(), scope),
        bound(slice.start(), scope),
        bound(slice.stop(), scope),
        bound(slice.step(), scope));
  }

  private Value bound(@Nullable Expression bound, Scope scope) {
    return bound == null ? Value.None.NONE : evaluate(bound, scope);
  }

  private Value call(Expression.Call call, Scope scope) {
    Value callee = evaluate(call.callee(), scope);
    return call(callee, arguments(call.arguments(), scope));
  }

  /** Calls a function, method or macro. */
  Value call(Value callee, Arguments arguments) {
    return switch (callee) {
      case Value.Callable callable -> callable.body().call(arguments);
      case Value.Undefined undefined -> throw new TemplateFailed(undefined.message());
      default -> throw new TemplateFailed("a %s cannot be called".formatted(callee.typeName()));
    };
  }

  private Value filter(Expression.Filter filter, Scope scope) {
    Value input = evaluate(filter.input(), scope);
    return Filters.apply(filter.name(), input, arguments(filter.arguments(), scope), budget);
  }

  Arguments arguments(Expression.ArgumentList list, Scope scope) {
    List<Value> positional = new ArrayList<>(list.positional().size());
    list.positional().forEach(argument -> positional.add(evaluate(argument, scope)));
    Map<String, Value> named = new LinkedHashMap<>();
    list.named().forEach((name, argument) -> named.put(name, evaluate(argument, scope)));
    Expression spreadPositional = list.spreadPositional();
    if (spreadPositional != null) {
      positional.addAll(Access.iterate(evaluate(spreadPositional, scope)));
    }
    Expression spreadNamed = list.spreadNamed();
    if (spreadNamed != null) {
      spread(evaluate(spreadNamed, scope), named);
    }
    return new Arguments(positional, named);
  }

  private static void spread(Value value, Map<String, Value> named) {
    if (!(value instanceof Value.Dict dict)) {
      throw new TemplateFailed("'**' needs a dict, not %s".formatted(value.typeName()));
    }
    dict.entries()
        .forEach(
            (name, argument) -> {
              if (named.put(Printing.print(name), argument) != null) {
                throw new TemplateFailed(
                    "the argument %s is given twice".formatted(Printing.print(name)));
              }
            });
  }
}
