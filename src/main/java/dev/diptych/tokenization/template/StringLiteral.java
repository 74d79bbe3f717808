package dev.diptych.tokenization.template;

/** The escapes of Python's string literals. */
final class StringLiteral {

  private static final String SIMPLE = "\\\\''\"\"a\u0007b\bf\fn\nr\rt\tv\u000B";

  private StringLiteral() {}

  static String unescape(String literal, int line) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      i = escape(literal, i, text, line);
    }
    return text.toString();
  }

  /* Appends the character after the backslash; an unknown escape stays as it is. */
  private static int escape(String literal, int at, StringBuilder text, int line) {
    char c = literal.charAt(at);
    switch (c) {
      case '\n' -> {}
      case 'x' -> {
        return codePoint(literal, at + 1, 2, 16, text, line);
      }
      case 'u' -> {
        return codePoint(literal, at + 1, 4, 16, text, line);
      }
      case 'U' -> {
        return codePoint(literal, at + 1, 8, 16, text, line);
      }
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        int digits = 1;
        while (digits < 3
            && at + digits < literal.length()
            && Character.digit(literal.charAt(at + digits), 8) >= 0) {
          digits++;
        }
        return codePoint(literal, at, digits, 8, text, line);
      }
      case 'N' -> throw new InvalidTemplate("the escape \\N is not supported", line);
      default -> text.append(simple(c));
    }
    return at + 1;
  }

  private static String simple(char c) {
    for (int i = 0; i < SIMPLE.length(); i += 2) {
      if (SIMPLE.charAt(i) == c) {
        return SIMPLE.substring(i + 1, i + 2);
      }
    }
    return "\\" + c;
  }

  private static int codePoint(
      String literal, int at, int digits, int radix, StringBuilder text, int line) {
    if (at + digits > literal.length()) {
      throw new InvalidTemplate("an escape is cut short", line);
    }
    try {
      text.appendCodePoint(Integer.parseInt(literal.substring(at, at + digits), radix));
    } catch (IllegalArgumentException e) {
      throw new InvalidTemplate("an escape is no character", line);
    }
    return at + digits;
  }
}
