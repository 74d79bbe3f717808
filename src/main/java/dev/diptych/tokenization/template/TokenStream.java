package dev.diptych.tokenization.template;

import java.util.List;

/** The tokens of a template, read one by one. */
final class TokenStream {

  /** Deepest nesting of expressions and of blocks. */
  static final int MAX_NESTING = 100;

  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  Token following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (position < tokens.size() - 1) {
      position++;
    }
    return token;
  }

  boolean skipOperator(String operator) {
    boolean found = current().isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipName(String name) {
    boolean found = current().isName(name);
    if (found) {
      next();
    }
    return found;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'%s'".formatted(operator));
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'%s'".formatted(name));
    }
  }

  String expectName() {
    return expect(Token.Kind.NAME, "a name").text();
  }

  Token expect(Token.Kind kind, String expected) {
    if (current().kind() != kind) {
      throw unexpected(expected);
    }
    return next();
  }

  InvalidTemplate unexpected(String expected) {
    return error("expected %s, found %s".formatted(expected, current().described()));
  }

  InvalidTemplate error(String message) {
    return new InvalidTemplate(message, current().line());
  }

  void enter() {
    if (++nesting > MAX_NESTING) {
      throw error("nested deeper than %d".formatted(MAX_NESTING));
    }
  }

  void leave() {
    nesting--;
  }
}
