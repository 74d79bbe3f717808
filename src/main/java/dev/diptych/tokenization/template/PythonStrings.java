package dev.diptych.tokenization.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Python's ideas of whitespace, words and parts of a string. */
final class PythonStrings {

  private PythonStrings() {}

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  static String strip(String text) {
    return strip(text, null, true, true);
  }

  static String stripEnd(String text) {
    return strip(text, null, false, true);
  }

  /**
   * The text without the characters at its ends.
   *
   * @param characters which to strip; null means whitespace
   */
  static String strip(String text, @Nullable String characters, boolean left, boolean right) {
    IntPredicate stripped =
        characters == null ? PythonStrings::isSpace : c -> characters.indexOf(c) >= 0;
    int start = 0;
    int end = text.length();
    while (left && start < end && stripped.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && stripped.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Each character as a text of its own. */
  static List<Value> characters(String text) {
    Budget.requireItems(length(text));
    return text.codePoints().mapToObj(c -> Value.of(Character.toString(c))).toList();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return Character.toString(Character.toTitleCase(text.codePointAt(0)))
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  /** Every run of letters with a capital first letter. */
  static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      title.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return title.toString();
  }

  /** Python's {@code split}: by a separator, or by runs of whitespace if it is null. */
  static List<Value> split(String text, @Nullable String separator, int maxSplits) {
    if (separator == null) {
      return splitAtSpace(text, maxSplits);
    }
    requireSeparator(separator);
    List<Value> parts = new ArrayList<>();
    int start = 0;
    int next = text.indexOf(separator);
    while (next >= 0 && (maxSplits < 0 || parts.size() < maxSplits)) {
      Budget.requireItems(parts.size());
      parts.add(Value.of(text.substring(start, next)));
      start = next + separator.length();
      next = text.indexOf(separator, start);
    }
    parts.add(Value.of(text.substring(start)));
    return parts;
  }

  static List<Value> splitFromEnd(String text, String separator, int maxSplits) {
    requireSeparator(separator);
    List<Value> parts = new ArrayList<>();
    int end = text.length();
    int next = text.lastIndexOf(separator);
    while (next >= 0 && (maxSplits < 0 || parts.size() < maxSplits)) {
      Budget.requireItems(parts.size());
      parts.add(Value.of(text.substring(next + separator.length(), end)));
      end = next;
      next =
          next < separator.length() ? -1 : text.lastIndexOf(separator, next - separator.length());
    }
    parts.add(Value.of(text.substring(0, end)));
    return parts.reversed();
  }

  static void requireSeparator(String separator) {
    if (separator.isEmpty()) {
      throw new TemplateFailed("empty separator");
    }
  }

  private static List<Value> splitAtSpace(String text, int maxSplits) {
    List<Value> parts = new ArrayList<>();
    int start = afterSpace(text, 0);
    while (start < text.length()) {
      if (maxSplits >= 0 && parts.size() == maxSplits) {
        parts.add(Value.of(stripEnd(text.substring(start))));
        return parts;
      }
      Budget.requireItems(parts.size());
      int end = start;
      while (end < text.length() && !isSpace(text.charAt(end))) {
        end++;
      }
      parts.add(Value.of(text.substring(start, end)));
      start = afterSpace(text, end);
    }
    return parts;
  }

  private static int afterSpace(String text, int start) {
    int i = start;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The lines of a text, without their ends. */
  static List<Value> lines(String text) {
    Budget.requireItems(occurrences(text, "\n") + (long) occurrences(text, "\r"));
    return text.lines().map(Value::of).toList();
  }

  /** Python's {@code replace}; a negative count means all. */
  static String replace(String text, String old, String replacement, int count) {
    if (old.isEmpty()) {
      throw new TemplateFailed("replacing an empty string is not supported");
    }
    int occurrences = occurrences(text, old);
    int replaced = count < 0 ? occurrences : Math.min(count, occurrences);
    Budget.requireText(text.length() + replaced * (replacement.length() - (long) old.length()));
    if (replaced == occurrences) {
      return text.replace(old, replacement);
    }
    StringBuilder result = new StringBuilder();
    int start = 0;
    for (int i = 0; i < replaced; i++) {
      int next = text.indexOf(old, start);
      result.append(text, start, next).append(replacement);
      start = next + old.length();
    }
    return result.append(text, start, text.length()).toString();
  }

  static int occurrences(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }
}
