package dev.diptych.sampling.constraint;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import org.jspecify.annotations.Nullable;

/** Reads the characters of a regular expression, and what stands for one of them. */
abstract class PatternReader {

  private static final int NO_END = -1;

  final String pattern;
  int at;

  PatternReader(String pattern) {
    this.pattern = pattern;
  }

  /** The next character; -1 at the end. */
  int peek() {
    return at < pattern.length() ? pattern.codePointAt(at) : NO_END;
  }

  int next() {
    int c = peek();
    if (c == NO_END) {
      return c;
    }
    at += Character.charCount(c);
    return whole(c);
  }

  boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  boolean take(String text) {
    if (!pattern.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  InvalidInput refused(String what) {
    return new InvalidInput(
        "the regular expression %s has %s at character %d, which is not supported"
            .formatted(Excerpt.of(pattern), what, at));
  }

  /** A class, behind a backslash; null and nothing taken if there is a single character. */
  CharacterClasses.@Nullable Escaped escapedClass() {
    CharacterClasses.Escaped known = CharacterClasses.escaped(peek());
    if (known != null) {
      at++;
      return known;
    }
    if (peek() != 'p' && peek() != 'P') {
      return null;
    }
    boolean negated = next() == 'P';
    int end = peek() == '{' ? pattern.indexOf('}', at) : NO_END;
    String name = end < 0 ? "" : pattern.substring(at + 1, end);
    CharacterClasses.Escaped category = CharacterClasses.category(name);
    if (category == null) {
      throw refused("the class of characters \\p{%s}".formatted(name));
    }
    at = end + 1;
    return negated ? category.complement() : category;
  }

  /** A single character, behind a backslash. */
  int escapedCharacter() {
    int c = next();
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case '0' -> {
        if (Character.digit(peek(), 10) >= 0) {
          throw refused("an octal escape");
        }
        yield 0;
      }
      case 'x' -> hexadecimal(2);
      case 'u' -> unicode();
      case 'b', 'B' -> throw refused("a word boundary");
      case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> throw refused("a backreference");
      case NO_END -> throw refused("a \\ at the end");
      default -> {
        if (Character.isLetter(c)) {
          throw refused("the escape \\" + Character.toString(c));
        }
        yield c;
      }
    };
  }

  private int unicode() {
    if (take('{')) {
      int end = pattern.indexOf('}', at);
      if (end < 0 || end - at > 6) {
        throw refused("an escape \\u{ without its end");
      }
      int c = hexadecimal(end - at);
      at++;
      return whole(c);
    }
    int c = hexadecimal(4);
    if (Character.isHighSurrogate((char) c) && take("\\u")) {
      int low = hexadecimal(4);
      return whole(
          Character.isLowSurrogate((char) low) ? Character.toCodePoint((char) c, (char) low) : c);
    }
    return whole(c);
  }

  private int whole(int c) {
    if (c > Character.MAX_CODE_POINT || (c >= 0xD800 && c < 0xE000)) {
      throw refused("half a surrogate pair");
    }
    return c;
  }

  private int hexadecimal(int digits) {
    String text = pattern.substring(at, Math.min(at + digits, pattern.length()));
    if (!text.matches("[0-9A-Fa-f]{%d}".formatted(Math.max(1, digits)))) {
      throw refused("an escape without %d hexadecimal digits".formatted(digits));
    }
    at += digits;
    return Integer.parseInt(text, 16);
  }

  /** A set, behind its opening bracket. */
  CodePoints set() {
    int begin = at - 1;
    boolean negated = take('^');
    CodePoints sure = CodePoints.none();
    CodePoints any = CodePoints.none();
    while (!take(']')) {
      if (at >= pattern.length()) {
        at = begin;
        throw refused("a [ without its ]");
      }
      if (peek() == '['
          && at + 1 < pattern.length()
          && ":.=".indexOf(pattern.charAt(at + 1)) >= 0) {
        throw refused("a POSIX class of characters");
      }
      boolean escaped = take('\\');
      CharacterClasses.Escaped known = escaped ? escapedClass() : null;
      if (known != null) {
        sure = sure.or(known.sure());
        any = any.or(known.any());
        continue;
      }
      int first = member(escaped);
      int last = first;
      if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        at++;
        boolean escapedLast = take('\\');
        if (escapedLast && escapedClass() != null) {
          throw refused("a range that ends in a class of characters");
        }
        last = member(escapedLast);
        if (last < first) {
          throw refused("a range whose end is before its beginning");
        }
      }
      sure = sure.or(CodePoints.range(first, last));
      any = any.or(CodePoints.range(first, last));
    }
    if (any.isEmpty()) {
      throw refused("an empty class of characters");
    }
    return negated ? any.complement() : sure;
  }

  private int member(boolean escaped) {
    if (!escaped) {
      return next();
    }
    return take('b') ? '\b' : escapedCharacter();
  }
}
