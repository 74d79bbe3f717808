package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses a template's text and tags. */
final class StatementParser {

  private static final Set<String> RESERVED =
      Set.of("true", "false", "none", "True", "False", "None", "not", "and", "or", "if", "else");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private int loops;

  StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  List<Statement> template() {
    List<Statement> body = body(Set.of());
    if (tokens.current().kind() != Token.Kind.END) {
      throw tokens.error("unexpected tag '%s'".formatted(tokens.following().text()));
    }
    return body;
  }

  /* Statements up to a tag with one of the names, of which the opening is not read, or the end. */
  private List<Statement> body(Set<String> ends) {
    tokens.enter();
    List<Statement> statements = new ArrayList<>();
    while (tokens.current().kind() != Token.Kind.END) {
      Token token = tokens.current();
      if (token.kind() == Token.Kind.TAG_BEGIN && ends.contains(tokens.following().text())) {
        break;
      }
      statements.add(statement(tokens.next()));
    }
    tokens.leave();
    return statements;
  }

  private Statement statement(Token token) {
    return switch (token.kind()) {
      case DATA -> new Statement.Data(token.text(), token.line());
      case PRINT_BEGIN -> print(token.line());
      case TAG_BEGIN -> tag(tokens.expectName(), token.line());
      case PRINT_END, TAG_END, NAME, STRING, INTEGER, FLOAT, OPERATOR, END ->
          throw new InvalidTemplate("unexpected %s".formatted(token.described()), token.line());
    };
  }

  private Statement print(int line) {
    Expression expression = expressions.tupleOrExpression();
    tokens.expect(Token.Kind.PRINT_END, "the end of the tag");
    return new Statement.Print(expression, line);
  }

  private Statement tag(String name, int line) {
    return switch (name) {
      case "if" -> ifTag(line);
      case "for" -> forTag(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "call" -> call(line);
      case "filter" -> filterBlock(line);
      case "with" -> with(line);
      case "generation" -> {
        endOfTag();
        yield new Statement.Marked(bodyTo("endgeneration"), line);
      }
      case "break" -> {
        requireLoop(name);
        yield new Statement.Break(line);
      }
      case "continue" -> {
        requireLoop(name);
        yield new Statement.Continue(line);
      }
      default ->
          throw new InvalidTemplate("the tag '%s' is not supported here".formatted(name), line);
    };
  }

  private void requireLoop(String name) {
    if (loops == 0) {
      throw tokens.error("'%s' outside of a loop".formatted(name));
    }
    endOfTag();
  }

  private void endOfTag() {
    tokens.expect(Token.Kind.TAG_END, "the end of the tag");
  }

  private List<Statement> bodyTo(String end) {
    List<Statement> body = body(Set.of(end));
    openTag();
    tokens.expectName(end);
    endOfTag();
    return body;
  }

  private String openTag() {
    tokens.expect(Token.Kind.TAG_BEGIN, "a closing tag");
    return tokens.current().text();
  }

  private Statement ifTag(int line) {
    List<Statement.If.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    do {
      Expression condition = expressions.tupleOrExpression();
      endOfTag();
      branches.add(new Statement.If.Branch(condition, body(Set.of("elif", "else", "endif"))));
      openTag();
    } while (tokens.skipName("elif"));
    if (tokens.skipName("else")) {
      endOfTag();
      otherwise = bodyTo("endif");
    } else {
      tokens.expectName("endif");
      endOfTag();
    }
    return new Statement.If(branches, otherwise, line);
  }

  private Statement forTag(int line) {
    Statement.Target target = target(false);
    tokens.expectName("in");
    Expression iterable = iterable();
    Expression condition = tokens.skipName("if") ? expressions.expression() : null;
    if (tokens.current().isName("recursive")) {
      throw tokens.error("recursive loops are not supported");
    }
    endOfTag();
    loops++;
    List<Statement> body = body(Set.of("else", "endfor"));
    loops--;
    openTag();
    List<Statement> otherwise = List.of();
    if (tokens.skipName("else")) {
      endOfTag();
      otherwise = bodyTo("endfor");
    } else {
      tokens.expectName("endfor");
      endOfTag();
    }
    return new Statement.For(target, iterable, condition, body, otherwise, line);
  }

  private Expression iterable() {
    Expression first = expressions.withoutCondition();
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      items.add(expressions.withoutCondition());
    }
    return new Expression.ListOf(items, true);
  }

  private Statement.Target target(boolean withAttribute) {
    List<Statement.Target> targets = new ArrayList<>();
    boolean unpack = false;
    do {
      targets.add(single(withAttribute));
      unpack |= tokens.current().isOperator(",");
    } while (tokens.skipOperator(",") && tokens.current().kind() == Token.Kind.NAME);
    return unpack ? new Statement.Target.Unpack(targets) : targets.getFirst();
  }

  private Statement.Target single(boolean withAttribute) {
    if (tokens.skipOperator("(")) {
      Statement.Target inner = target(false);
      tokens.expectOperator(")");
      return inner;
    }
    String name = variable();
    if (withAttribute && tokens.skipOperator(".")) {
      return new Statement.Target.Attribute(name, tokens.expectName());
    }
    return new Statement.Target.Variable(name);
  }

  private String variable() {
    if (RESERVED.contains(tokens.current().text())) {
      throw tokens.error("cannot assign to '%s'".formatted(tokens.current().text()));
    }
    return tokens.expectName();
  }

  private Statement set(int line) {
    Statement.Target target = target(true);
    if (tokens.skipOperator("=")) {
      Expression value = expressions.tupleOrExpression();
      endOfTag();
      return new Statement.Assign(target, value, line);
    }
    Expression filtered = Statement.CAPTURED;
    while (tokens.skipOperator("|")) {
      filtered = expressions.filter(filtered);
    }
    endOfTag();
    return new Statement.Capture(target, filtered, bodyTo("endset"), line);
  }

  private Statement macro(int line) {
    String name = variable();
    return new Statement.MacroDefinition(macro(name, parameters(), "endmacro"), line);
  }

  private Statement.Macro macro(
      String name, List<Statement.Macro.Parameter> parameters, String end) {
    endOfTag();
    int outerLoops = loops;
    loops = 0;
    List<Statement> body = bodyTo(end);
    loops = outerLoops;
    return new Statement.Macro(name, parameters, body);
  }

  private List<Statement.Macro.Parameter> parameters() {
    List<Statement.Macro.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      String name = variable();
      Expression otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
      parameters.add(new Statement.Macro.Parameter(name, otherwise));
      if (!tokens.current().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return parameters;
  }

  private Statement call(int line) {
    List<Statement.Macro.Parameter> parameters =
        tokens.current().isOperator("(") ? parameters() : List.of();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new InvalidTemplate("'call' needs a call", line);
    }
    return new Statement.CallBlock(call, macro("caller", parameters, "endcall"), line);
  }

  private Statement filterBlock(int line) {
    Expression filtered = expressions.filter(Statement.CAPTURED);
    while (tokens.skipOperator("|")) {
      filtered = expressions.filter(filtered);
    }
    endOfTag();
    return new Statement.FilterBlock(filtered, bodyTo("endfilter"), line);
  }

  private Statement with(int line) {
    List<Statement.Assign> assignments = new ArrayList<>();
    while (tokens.current().kind() == Token.Kind.NAME) {
      Statement.Target target = new Statement.Target.Variable(variable());
      tokens.expectOperator("=");
      assignments.add(new Statement.Assign(target, expressions.expression(), line));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    endOfTag();
    return new Statement.With(assignments, bodyTo("endwith"), line);
  }
}
