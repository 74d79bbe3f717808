package dev.diptych.chat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/** A JSON value while it is written, character by character. */
final class JsonProgress {

  private enum Expects {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    SEPARATOR,
    NOTHING
  }

  private enum Scalar {
    NONE,
    STRING,
    ESCAPE,
    UNICODE,
    WORD
  }

  private static final int MAX_DEPTH = 100;
  private static final int MAX_WORD = 400;
  private static final Pattern WORD =
      Pattern.compile("true|false|null|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

  private final Deque<Boolean> objects = new ArrayDeque<>(); // whether each one that is open is one
  private final StringBuilder word = new StringBuilder();
  private Expects expects = Expects.VALUE;
  private Scalar scalar = Scalar.NONE;
  private int digits;
  private boolean inName;

  /** Whether the value can go on with this character. */
  boolean accept(char c) {
    return switch (scalar) {
      case NONE -> outside(c);
      case STRING -> inString(c);
      case ESCAPE -> escaped(c);
      case UNICODE -> unicode(c);
      case WORD -> inWord(c);
    };
  }

  /** Whether the value is whole. */
  boolean isComplete() {
    return expects == Expects.NOTHING && scalar == Scalar.NONE;
  }

  /** How many objects and lists are open. */
  int depth() {
    return objects.size();
  }

  /** Whether the last character was a part of a name of an object, or a quote around it. */
  boolean isInName() {
    return inName;
  }

  /** Whether a value has just begun or goes on, and is neither an object nor a list. */
  boolean isInScalar() {
    return scalar != Scalar.NONE && !inName;
  }

  /** Whether the next thing is a value. */
  boolean expectsValue() {
    return scalar == Scalar.NONE && (expects == Expects.VALUE || expects == Expects.VALUE_OR_END);
  }

  private boolean outside(char c) {
    inName = false;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      return true;
    }
    return switch (expects) {
      case VALUE -> value(c);
      case VALUE_OR_END -> c == ']' ? close(false) : value(c);
      case NAME -> name(c);
      case NAME_OR_END -> c == '}' ? close(true) : name(c);
      case COLON -> {
        expects = Expects.VALUE;
        yield c == ':';
      }
      case SEPARATOR -> separator(c);
      case NOTHING -> false;
    };
  }

  private boolean value(char c) {
    if (c == '{' || c == '[') {
      objects.push(c == '{');
      expects = c == '{' ? Expects.NAME_OR_END : Expects.VALUE_OR_END;
      return objects.size() <= MAX_DEPTH;
    }
    expects = objects.isEmpty() ? Expects.NOTHING : Expects.SEPARATOR;
    if (c == '"') {
      scalar = Scalar.STRING;
      return true;
    }
    word.setLength(0);
    word.append(c);
    scalar = Scalar.WORD;
    return c == '-' || isWordPart(c);
  }

  private boolean name(char c) {
    expects = Expects.COLON;
    scalar = Scalar.STRING;
    inName = true;
    return c == '"';
  }

  private boolean separator(char c) {
    boolean inObject = objects.getFirst();
    if (c == ',') {
      expects = inObject ? Expects.NAME : Expects.VALUE;
      return true;
    }
    return (c == '}' || c == ']') && close(c == '}');
  }

  private boolean close(boolean object) {
    if (objects.isEmpty() || objects.getFirst() != object) {
      return false;
    }
    objects.pop();
    expects = objects.isEmpty() ? Expects.NOTHING : Expects.SEPARATOR;
    return true;
  }

  private boolean inString(char c) {
    if (c == '"') {
      scalar = Scalar.NONE;
    } else if (c == '\\') {
      scalar = Scalar.ESCAPE;
    }
    return c >= ' ';
  }

  private boolean escaped(char c) {
    digits = 0;
    scalar = c == 'u' ? Scalar.UNICODE : Scalar.STRING;
    return "\"\\/bfnrtu".indexOf(c) >= 0;
  }

  private boolean unicode(char c) {
    if (++digits == 4) {
      scalar = Scalar.STRING;
    }
    return Character.digit(c, 16) >= 0 && c < 0x80;
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "+-.E".indexOf(c) >= 0;
  }

  private boolean inWord(char c) {
    if (isWordPart(c)) {
      word.append(c);
      return word.length() <= MAX_WORD;
    }
    scalar = Scalar.NONE;
    return WORD.matcher(word).matches() && outside(c);
  }
}
