package dev.diptych.tokenization.template;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits what stands inside a tag. */
final class ExpressionLexer {

  private static final Pattern NUMBER =
      Pattern.compile("\\d[\\d_]*(?<fraction>\\.\\d[\\d_]*)?(?<exponent>[eE][+-]?\\d+)?");
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ".", ",", ":", "|");

  private final String source;
  private final List<Token> tokens;
  private final StringBuilder brackets = new StringBuilder();
  private int position;
  private int line;

  ExpressionLexer(String source, int position, int line, List<Token> tokens) {
    this.source = source;
    this.position = position;
    this.line = line;
    this.tokens = tokens;
  }

  /** Adds the tokens up to the end of the tag and returns the position after it. */
  int run(String end) {
    int begin = line;
    while (position < source.length()) {
      char c = source.charAt(position);
      if (Character.isWhitespace(c)) {
        line += c == '\n' ? 1 : 0;
        position++;
      } else if (brackets.isEmpty() && endsHere(end)) {
        return position;
      } else {
        token(c);
      }
    }
    throw new InvalidTemplate("a tag is not closed", begin);
  }

  private boolean endsHere(String end) {
    char c = source.charAt(position);
    boolean signed = (c == '-' || c == '+') && source.startsWith(end, position + 1);
    if (!signed && !source.startsWith(end, position)) {
      return false;
    }
    String text = signed ? c + end : end;
    Token.Kind kind = end.equals("}}") ? Token.Kind.PRINT_END : Token.Kind.TAG_END;
    tokens.add(new Token(kind, text, line));
    position += text.length();
    return true;
  }

  private void token(char c) {
    if (c == '\'' || c == '"') {
      string(c);
    } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
      name();
    } else if (c >= '0' && c <= '9') {
      number();
    } else {
      operator(c);
    }
  }

  private void name() {
    int start = position;
    while (position < source.length()
        && (Character.isUnicodeIdentifierPart(source.charAt(position))
            || source.charAt(position) == '_')) {
      position++;
    }
    tokens.add(new Token(Token.Kind.NAME, source.substring(start, position), line));
  }

  private void number() {
    Matcher number = NUMBER.matcher(source).region(position, source.length());
    if (!number.lookingAt()) {
      throw new InvalidTemplate("not a number", line);
    }
    boolean real = number.group("fraction") != null || number.group("exponent") != null;
    position = number.end();
    if (position < source.length() && Character.isLetterOrDigit(source.charAt(position))) {
      throw new InvalidTemplate("the number %s is not supported".formatted(number.group()), line);
    }
    tokens.add(
        new Token(
            real ? Token.Kind.FLOAT : Token.Kind.INTEGER, number.group().replace("_", ""), line));
  }

  private void string(char quote) {
    int start = ++position;
    int startLine = line;
    while (position < source.length() && source.charAt(position) != quote) {
      position += source.charAt(position) == '\\' ? 2 : 1;
    }
    if (position >= source.length()) {
      throw new InvalidTemplate("a string is not closed", startLine);
    }
    String literal = source.substring(start, position++);
    line += (int) literal.chars().filter(c -> c == '\n').count();
    tokens.add(new Token(Token.Kind.STRING, StringLiteral.unescape(literal, startLine), startLine));
  }

  private void operator(char c) {
    String operator =
        OPERATORS.stream()
            .filter(o -> source.startsWith(o, position))
            .findFirst()
            .orElseThrow(() -> new InvalidTemplate("unexpected character '%s'".formatted(c), line));
    switch (operator) {
      case "(" -> brackets.append(')');
      case "[" -> brackets.append(']');
      case "{" -> brackets.append('}');
      case ")", "]", "}" -> close(c);
      default -> {}
    }
    tokens.add(new Token(Token.Kind.OPERATOR, operator, line));
    position += operator.length();
  }

  private void close(char c) {
    int last = brackets.length() - 1;
    if (last < 0 || brackets.charAt(last) != c) {
      throw new InvalidTemplate("unexpected '%s'".formatted(c), line);
    }
    brackets.setLength(last);
  }
}
