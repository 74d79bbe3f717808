package dev.diptych.tokenization;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A regular expression that repeats a group which repeats something itself, such as {@code (a+)+}:
 * a text that nearly matches can be divided in more ways than can ever be tried.
 */
final class RepeatedRepetition {

  private RepeatedRepetition() {}

  static boolean in(String regex) {
    Deque<Boolean> groups = new ArrayDeque<>(); // whether something in it is repeated
    groups.push(false);
    boolean afterRepeatingGroup = false;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      boolean repeats = repeatsWithoutBound(regex, i);
      if (repeats && afterRepeatingGroup) {
        return true;
      }
      afterRepeatingGroup = false;
      if (repeats) {
        groups.pop();
        groups.push(true);
      } else if (c == '\\') {
        i++;
      } else if (c == '[') {
        i = endOfClass(regex, i);
      } else if (c == '(') {
        groups.push(false);
      } else if (c == ')' && groups.size() > 1) {
        afterRepeatingGroup = groups.pop();
        if (afterRepeatingGroup) {
          groups.pop();
          groups.push(true);
        }
      }
    }
    return false;
  }

  private static boolean repeatsWithoutBound(String regex, int at) {
    char c = regex.charAt(at);
    if (c == '{') {
      int end = regex.indexOf('}', at);
      return end > 0 && regex.substring(at, end).matches("\\{\\d*,|\\{\\d*,\\d{3,}|\\{\\d{3,}");
    }
    return c == '*' || c == '+';
  }

  /* The index of the bracket that closes the class, or of the last character. */
  private static int endOfClass(String regex, int begin) {
    int depth = 0;
    for (int i = begin; i < regex.length(); i++) {
      switch (regex.charAt(i)) {
        case '\\' -> i++;
        case '[' -> depth++;
        case ']' -> {
          if (i > begin + 1 && --depth == 0) {
            return i;
          }
        }
        default -> {}
      }
    }
    return regex.length() - 1;
  }
}
