package dev.diptych.sampling.constraint;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The classes of characters that escapes name. */
final class CharacterClasses {

  /*
   * Languages differ in what a space and a digit are. A class stands for what is one in all of them,
   * and a negated set leaves out what is one in any. \d and \w are those of ASCII, as in
   * JavaScript.
   */

  /**
   * A class.
   *
   * @param sure what is in it in every language
   * @param any what is in it in some
   */
  record Escaped(CodePoints sure, CodePoints any) {
    Escaped complement() {
      return new Escaped(any.complement(), sure.complement());
    }
  }

  private static final CodePoints NO_LINE_ENDS =
      CodePoints.of('\n', '\r', 0x85, 0x2028, 0x2029).complement();
  private static final Escaped DIGITS =
      new Escaped(
          CodePoints.range('0', '9'),
          CodePoints.where(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER));
  private static final CodePoints WORD =
      CodePoints.range('0', '9')
          .or(CodePoints.range('a', 'z'))
          .or(CodePoints.range('A', 'Z'))
          .or(CodePoints.of('_'));
  private static final Escaped WORDS = new Escaped(WORD, WORD);
  private static final CodePoints SPACE = CodePoints.of(' ', '\t', '\n', '\r', '\f', 0x0B);
  private static final Escaped SPACES =
      new Escaped(
          SPACE,
          CodePoints.where(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))
              .or(SPACE)
              .or(CodePoints.of(0x85, 0xFEFF)));
  private static final Map<String, Escaped> ESCAPED =
      Map.of(
          "d",
          DIGITS,
          "D",
          DIGITS.complement(),
          "w",
          WORDS,
          "W",
          WORDS.complement(),
          "s",
          SPACES,
          "S",
          SPACES.complement());

  private static final Map<String, Integer> CATEGORIES = categories();
  private static final Map<String, Escaped> MADE = new ConcurrentHashMap<>(); // of those

  private CharacterClasses() {}

  /** What a dot stands for. */
  static CodePoints anyButLineEnds() {
    return NO_LINE_ENDS;
  }

  /** What {@code \d}, {@code \w}, {@code \s} and their opposites stand for; null for others. */
  static @Nullable Escaped escaped(int letter) {
    return letter < 0 ? null : ESCAPED.get(Character.toString(letter));
  }

  /** The characters of a general category such as {@code Lu} or {@code L}; null for others. */
  static @Nullable Escaped category(String name) {
    Integer types = CATEGORIES.get(name);
    if (types == null) {
      return null;
    }
    return MADE.computeIfAbsent(
        name,
        _ -> {
          CodePoints members = CodePoints.where(c -> (types >> Character.getType(c) & 1) != 0);
          return new Escaped(members, members);
        });
  }

  private static Map<String, Integer> categories() {
    Map<String, Integer> categories = new HashMap<>();
    String[] names = {
      "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp",
      "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
    };
    for (int type = 0; type < names.length; type++) {
      if (!names[type].isEmpty()) {
        categories.put(names[type], 1 << type);
        categories.merge(names[type].substring(0, 1), 1 << type, (a, b) -> a | b);
      }
    }
    return categories;
  }
}
