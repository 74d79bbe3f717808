package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses what operators stand between: names, literals, subscripts and calls. */
final class OperandParser {

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  OperandParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** A name, literal, list, dict or what stands in parentheses. */
  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> new Expression.Literal(Value.of(strings(token.text())));
      case INTEGER -> new Expression.Literal(integer(token));
      case FLOAT -> new Expression.Literal(new Value.Real(Double.parseDouble(token.text())));
      case OPERATOR -> bracketed(token);
      case DATA, PRINT_BEGIN, PRINT_END, TAG_BEGIN, TAG_END, END -> throw noExpression(token);
    };
  }

  private static InvalidTemplate noExpression(Token token) {
    return new InvalidTemplate(
        "expected an expression, found %s".formatted(token.described()), token.line());
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(Value.Bool.TRUE);
      case "false", "False" -> new Expression.Literal(Value.Bool.FALSE);
      case "none", "None" -> new Expression.Literal(Value.None.NONE);
      default -> new Expression.Name(name);
    };
  }

  private String strings(String first) {
    StringBuilder text = new StringBuilder(first);
    while (tokens.current().kind() == Token.Kind.STRING) {
      text.append(tokens.next().text());
    }
    return text.toString();
  }

  private static Value integer(Token token) {
    try {
      return Value.of(Long.parseLong(token.text()));
    } catch (NumberFormatException e) {
      throw new InvalidTemplate("the number %s is too large".formatted(token.text()), token.line());
    }
  }

  private Expression bracketed(Token open) {
    return switch (open.text()) {
      case "(" -> parenthesized();
      case "[" -> new Expression.ListOf(items("]"), false);
      case "{" -> dict();
      default -> throw noExpression(open);
    };
  }

  private Expression parenthesized() {
    if (tokens.skipOperator(")")) {
      return new Expression.ListOf(List.of(), true);
    }
    Expression value = expressions.tupleOrExpression();
    tokens.expectOperator(")");
    return value;
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipOperator(close)) {
      items.add(expressions.expression());
      if (!tokens.current().isOperator(close)) {
        tokens.expectOperator(",");
      }
    }
    return items;
  }

  private Expression dict() {
    List<Expression.DictOf.Entry> entries = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      Expression key = expressions.expression();
      tokens.expectOperator(":");
      entries.add(new Expression.DictOf.Entry(key, expressions.expression()));
      if (!tokens.current().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return new Expression.DictOf(entries);
  }

  /** A value with the attributes, subscripts and calls that follow it. */
  Expression postfix(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.skipOperator("[")) {
        value = subscript(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Expression.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression attribute(Expression target) {
    if (tokens.current().kind() == Token.Kind.INTEGER) {
      return new Expression.Item(target, new Expression.Literal(integer(tokens.next())));
    }
    return new Expression.Attribute(target, tokens.expectName());
  }

  private Expression subscript(Expression target) {
    Expression start = tokens.current().isOperator(":") ? null : expressions.tupleOrExpression();
    if (start != null && tokens.skipOperator("]")) {
      return new Expression.Item(target, start);
    }
    tokens.expectOperator(":");
    Expression stop = sliceBound();
    Expression step = tokens.skipOperator(":") ? sliceBound() : null;
    tokens.expectOperator("]");
    return new Expression.Slice(target, start, stop, step);
  }

  private @Nullable Expression sliceBound() {
    Token token = tokens.current();
    return token.isOperator(":") || token.isOperator("]") ? null : expressions.expression();
  }

  /** The arguments in parentheses. */
  Expression.ArgumentList arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression spreadPositional = null;
    Expression spreadNamed = null;
    while (!tokens.skipOperator(")")) {
      if (tokens.current().isOperator("*") && spreadPositional == null) {
        tokens.next();
        spreadPositional = expressions.expression();
      } else if (tokens.current().isOperator("**") && spreadNamed == null) {
        tokens.next();
        spreadNamed = expressions.expression();
      } else {
        argument(positional, named);
      }
      if (!tokens.current().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Expression.ArgumentList(positional, named, spreadPositional, spreadNamed);
  }

  private void argument(List<Expression> positional, Map<String, Expression> named) {
    if (tokens.current().kind() == Token.Kind.NAME && tokens.following().isOperator("=")) {
      String name = tokens.expectName();
      tokens.expectOperator("=");
      if (named.put(name, expressions.expression()) != null) {
        throw tokens.error("the argument %s is given twice".formatted(name));
      }
      return;
    }
    if (!named.isEmpty()) {
      throw tokens.error("a positional argument after a named one");
    }
    positional.add(expressions.expression());
  }
}
