package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a template into text and the tokens of its tags. */
final class Lexer {

  /*
   * Whitespace as transformers sets Jinja up: trim_blocks drops the newline after a block tag or
   * comment, lstrip_blocks the spaces before one that stands first in its line; a minus strips all
   * whitespace on its side, a plus keeps it. One newline at the end of the template is dropped.
   */

  private static final Pattern NEWLINE = Pattern.compile("\r\n|\r");
  private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int lineUpTo;
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    String normalized = NEWLINE.matcher(source).replaceAll("\n");
    boolean newlineAtEnd = normalized.endsWith("\n");
    Lexer lexer =
        new Lexer(newlineAtEnd ? normalized.substring(0, normalized.length() - 1) : normalized);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    int open = nextTag(0);
    while (open >= 0) {
      data(source.substring(position, open), signAt(open + 2), source.charAt(open + 1) != '{');
      position = open;
      tag(open);
      open = nextTag(position);
    }
    add(Token.Kind.DATA, source.substring(position));
    position = source.length();
    add(Token.Kind.END, "");
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private char signAt(int index) {
    char c = index < source.length() ? source.charAt(index) : ' ';
    return c == '-' || c == '+' ? c : ' ';
  }

  private void data(String text, char sign, boolean lstrip) {
    if (sign == '-') {
      add(Token.Kind.DATA, PythonStrings.stripEnd(text));
      return;
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean atLineStart = lineStart > 0 || lineStarting;
    boolean indented = PythonStrings.strip(text.substring(lineStart)).isEmpty();
    boolean strip = lstrip && sign != '+' && atLineStart && indented;
    add(Token.Kind.DATA, strip ? text.substring(0, lineStart) : text);
  }

  private void tag(int open) {
    char kind = source.charAt(open + 1);
    Matcher raw = RAW.matcher(source).region(open, source.length());
    if (kind == '#') {
      comment(open);
    } else if (raw.lookingAt()) {
      raw(raw);
    } else {
      position = open + (signAt(open + 2) == ' ' ? 2 : 3);
      add(kind == '{' ? Token.Kind.PRINT_BEGIN : Token.Kind.TAG_BEGIN, "{" + kind);
      position = new ExpressionLexer(source, position, line, tokens).run(kind == '{' ? "}}" : "%}");
      char sign = source.charAt(position - 3);
      boolean signed = (sign == '-' || sign == '+') && tokens.getLast().text().length() == 3;
      afterTag(signed ? sign : ' ', kind == '%');
    }
  }

  private void comment(int open) {
    int close = source.indexOf("#}", open + 2);
    if (close < 0) {
      throw new InvalidTemplate("a comment is not closed", lineAt(open));
    }
    position = close + 2;
    afterTag(close > open + 2 ? signAt(close - 1) : ' ', true);
  }

  private void raw(Matcher begin) {
    position = begin.end();
    afterTag(begin.group(1).isEmpty() ? '+' : '-', true);
    Matcher end = END_RAW.matcher(source);
    if (!end.find(position)) {
      throw new InvalidTemplate("raw is not closed", lineAt(position));
    }
    data(source.substring(position, end.start()), signAt(end.start() + 2), true);
    position = end.end();
    afterTag(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
  }

  /* Skips the whitespace that belongs to the tag which ended here. */
  private void afterTag(char sign, boolean trim) {
    int start = position;
    if (sign == '-') {
      while (position < source.length() && PythonStrings.isSpace(source.charAt(position))) {
        position++;
      }
    } else if (sign != '+' && trim && source.startsWith("\n", position)) {
      position++;
    }
    lineStarting = position > start && source.charAt(position - 1) == '\n';
  }

  private void add(Token.Kind kind, String text) {
    int at = lineAt(position);
    if (kind != Token.Kind.DATA || !text.isEmpty()) {
      tokens.add(new Token(kind, text, at));
    }
  }

  private int lineAt(int index) {
    for (; lineUpTo < index; lineUpTo++) {
      line += source.charAt(lineUpTo) == '\n' ? 1 : 0;
    }
    return line;
  }
}
