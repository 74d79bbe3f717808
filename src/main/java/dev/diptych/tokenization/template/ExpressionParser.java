package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions with Jinja's precedence. */
final class ExpressionParser {

  /* From weakest to strongest: if-else, or, and, not, comparisons, + -, ~, * / // %, **, unary,
   * then calls, subscripts, filters and tests, which bind strongest. */

  private static final Map<String, Operators.Comparison> COMPARISONS =
      Map.of(
          "==", Operators.Comparison.EQUAL,
          "!=", Operators.Comparison.NOT_EQUAL,
          "<", Operators.Comparison.LESS,
          "<=", Operators.Comparison.LESS_OR_EQUAL,
          ">", Operators.Comparison.GREATER,
          ">=", Operators.Comparison.GREATER_OR_EQUAL);
  private static final Set<String> NEVER_A_TEST_ARGUMENT =
      Set.of("if", "else", "or", "and", "in", "not", "is");

  private final TokenStream tokens;
  private final OperandParser operands;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
  }

  /** One expression, or several with commas between them as a tuple. */
  Expression tupleOrExpression() {
    Expression first = expression();
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      if (startsExpression()) {
        items.add(expression());
      }
    }
    return new Expression.ListOf(items, true);
  }

  private boolean startsExpression() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> !token.isName("if") && !token.isName("else") && !token.isName("in");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> List.of("(", "[", "{", "-", "+").contains(token.text());
      case DATA, PRINT_BEGIN, PRINT_END, TAG_BEGIN, TAG_END, END -> false;
    };
  }

  Expression expression() {
    tokens.enter();
    Expression value = withoutCondition();
    while (tokens.skipName("if")) {
      Expression condition = withoutCondition();
      Expression otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  /** An expression in which {@code if} does not begin a condition, as in a loop's iterable. */
  Expression withoutCondition() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (!tokens.skipName("not")) {
      return compare();
    }
    tokens.enter();
    Expression negated = new Expression.Not(not());
    tokens.leave();
    return negated;
  }

  private Expression compare() {
    Expression first = sum();
    List<Expression.Compare.Step> steps = new ArrayList<>();
    for (var operator = comparison(); operator != null; operator = comparison()) {
      steps.add(new Expression.Compare.Step(operator, sum()));
    }
    return steps.isEmpty() ? first : new Expression.Compare(first, steps);
  }

  private Operators.@Nullable Comparison comparison() {
    Token token = tokens.current();
    if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.containsKey(token.text())) {
      return COMPARISONS.get(tokens.next().text());
    }
    if (tokens.skipName("in")) {
      return Operators.Comparison.IN;
    }
    if (token.isName("not") && tokens.following().isName("in")) {
      tokens.next();
      tokens.next();
      return Operators.Comparison.NOT_IN;
    }
    return null;
  }

  private Expression sum() {
    Expression left = concat();
    while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
      Operators.Arithmetic operator = Operators.Arithmetic.of(tokens.next().text());
      left = new Expression.Arithmetic(operator, left, concat());
    }
    return left;
  }

  private Expression concat() {
    Expression first = product();
    if (!tokens.current().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expression.Concat(parts);
  }

  private Expression product() {
    Expression left = power();
    while (tokens.current().kind() == Token.Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(tokens.current().text())) {
      Operators.Arithmetic operator = Operators.Arithmetic.of(tokens.next().text());
      left = new Expression.Arithmetic(operator, left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (tokens.skipOperator("**")) {
      left = new Expression.Arithmetic(Operators.Arithmetic.POWER, left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    tokens.enter();
    Expression value;
    if (tokens.skipOperator("-")) {
      value = new Expression.Negative(unary(false));
    } else if (tokens.skipOperator("+")) {
      value = new Expression.Positive(unary(false));
    } else {
      value = operands.primary();
    }
    value = operands.postfix(value);
    if (withFilters) {
      value = filtersAndTests(value);
    }
    tokens.leave();
    return value;
  }

  private Expression filtersAndTests(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = filter(value);
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Expression.Call(value, operands.arguments());
      } else {
        return value;
      }
    }
  }

  /** A filter's name and arguments, applied to an input. */
  Expression filter(Expression input) {
    int line = tokens.current().line();
    String name = tokens.expectName();
    if (!Filters.has(name)) {
      throw new InvalidTemplate("the filter '%s' is not supported".formatted(name), line);
    }
    Expression.ArgumentList arguments =
        tokens.current().isOperator("(") ? operands.arguments() : Expression.ArgumentList.NONE;
    return new Expression.Filter(input, name, arguments);
  }

  private Expression test(Expression input) {
    boolean negated = tokens.skipName("not");
    int line = tokens.current().line();
    String name = tokens.expectName();
    if (!ValueTests.has(name)) {
      throw new InvalidTemplate("the test '%s' is not supported".formatted(name), line);
    }
    Expression test = new Expression.Test(input, name, testArguments());
    return negated ? new Expression.Not(test) : test;
  }

  private Expression.ArgumentList testArguments() {
    Token token = tokens.current();
    if (token.isOperator("(")) {
      return operands.arguments();
    }
    boolean operand =
        switch (token.kind()) {
          case NAME -> !NEVER_A_TEST_ARGUMENT.contains(token.text());
          case STRING, INTEGER, FLOAT -> true;
          case OPERATOR -> token.isOperator("[") || token.isOperator("{");
          case DATA, PRINT_BEGIN, PRINT_END, TAG_BEGIN, TAG_END, END -> false;
        };
    if (!operand) {
      return Expression.ArgumentList.NONE;
    }
    return Expression.ArgumentList.of(List.of(operands.postfix(operands.primary())));
  }
}
