package dev.diptych.sampling.constraint;

import dev.diptych.Excerpt;
import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression as an automaton that reads the UTF-8 of the texts that match. Refuses by
 * name what automata cannot do.
 */
final class RegularExpression {

  private static final int MOST_CHARACTERS = 4000;
  private static final int MOST_REPETITIONS = 10_000;
  private static final int DEEPEST = 100;
  private static final int NO_END = -1;

  private final String pattern;
  private final boolean searches;
  private final Automata automata;
  private int at;
  private int depth;

  private RegularExpression(String pattern, boolean searches, Automata automata) {
    this.pattern = pattern;
    this.searches = searches;
    this.automata = automata;
  }

  /** The texts that match from the beginning to the end. */
  static Automaton whole(String pattern, Automata automata) {
    return new RegularExpression(pattern, false, automata).parse();
  }

  /** The texts in which something matches; {@code ^} and {@code $} hold it to the ends. */
  static Automaton anywhere(String pattern, Automata automata) {
    return new RegularExpression(pattern, true, automata).parse();
  }

  private Automaton parse() {
    if (pattern.length() > MOST_CHARACTERS) {
      throw new InvalidInput(
          "the regular expression has %d characters, the most are %d"
              .formatted(pattern.length(), MOST_CHARACTERS));
    }
    Automaton result = automata.minimal(alternatives(true));
    if (at < pattern.length()) {
      throw refused("an unmatched )");
    }
    return result;
  }

  private Automaton alternatives(boolean outermost) {
    if (++depth > DEEPEST) {
      throw refused("more than %d groups in each other".formatted(DEEPEST));
    }
    List<Automaton> alternatives = new ArrayList<>();
    do {
      alternatives.add(sequence(outermost));
    } while (take('|'));
    depth--;
    return alternatives.size() == 1 ? alternatives.getFirst() : automata.union(alternatives);
  }

  private Automaton sequence(boolean outermost) {
    List<Automaton> parts = new ArrayList<>();
    boolean fromTheBeginning = false;
    boolean toTheEnd = false;
    while (takeBeginning()) {
      fromTheBeginning = true;
    }
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      if (takeEnd()) {
        toTheEnd = true;
      } else if (toTheEnd) {
        throw refused("something behind $");
      } else {
        parts.add(repeated(item()));
      }
    }
    if ((fromTheBeginning || toTheEnd) && !outermost) {
      throw refused("^ or $ inside of a group");
    }
    if (outermost && searches) {
      Automaton anything = automata.anyText();
      if (!fromTheBeginning) {
        parts.addFirst(anything);
      }
      if (!toTheEnd) {
        parts.add(anything);
      }
    }
    return parts.isEmpty() ? Automata.emptyText() : automata.concatenation(parts);
  }

  private boolean takeBeginning() {
    return take('^') || take("\\A");
  }

  private boolean takeEnd() {
    return take('$') || take("\\Z") || take("\\z");
  }

  private Automaton repeated(Automaton part) {
    Automaton result = part;
    boolean isRepeated = false;
    while (at < pattern.length()) {
      int begin = at;
      int least;
      Integer most;
      if (take('*')) {
        least = 0;
        most = null;
      } else if (take('+')) {
        least = 1;
        most = null;
      } else if (take('?')) {
        least = 0;
        most = 1;
      } else if (peek() == '{' && hasCount()) {
        at++;
        least = number();
        most = take(',') ? (peek() == '}' ? null : (Integer) number()) : (Integer) least;
        at++;
        if (most != null && most < least) {
          throw refused("a repetition with a maximum below its minimum");
        }
      } else {
        break;
      }
      if (isRepeated) {
        at = begin;
        throw refused("a quantifier behind a quantifier");
      }
      isRepeated = true;
      if (take('+')) {
        throw refused("a possessive quantifier");
      }
      take('?'); // how long a match is makes no difference to whether there is one
      result = automata.repetition(minimized(result), least, most);
    }
    return result;
  }

  private Automaton minimized(Automaton part) {
    return part.isDeterministic() ? part : automata.minimal(part);
  }

  /* Otherwise the brace stands for itself. */
  private boolean hasCount() {
    int end = pattern.indexOf('}', at);
    if (end < 0) {
      return false;
    }
    String count = pattern.substring(at + 1, end);
    if (count.matches(",[0-9]+")) {
      throw refused("a repetition without a minimum, which languages read differently");
    }
    return count.matches("[0-9]+(,[0-9]*)?");
  }

  private int number() {
    int begin = at;
    while (Character.digit(peek(), 10) >= 0) {
      at++;
    }
    String digits = pattern.substring(begin, at);
    if (digits.length() > 6 || Integer.parseInt(digits) > MOST_REPETITIONS) {
      throw refused("more than %d repetitions".formatted(MOST_REPETITIONS));
    }
    return Integer.parseInt(digits);
  }

  private Automaton item() {
    int begin = at;
    int c = next();
    return switch (c) {
      case '(' -> group(begin);
      case '[' -> set().automaton(automata);
      case '.' -> automata.common(".", CharacterClasses.anyButLineEnds()::automaton);
      case '*', '+', '?' -> {
        at = begin;
        throw refused("nothing to repeat");
      }
      case '^' -> {
        at = begin;
        throw refused("^ behind something");
      }
      case '\\' -> escaped();
      default -> Automata.text(Character.toString(c));
    };
  }

  private Automaton escaped() {
    int begin = at;
    CharacterClasses.Escaped known = escapedClass();
    return known == null
        ? Automata.text(Character.toString(escapedCharacter()))
        : automata.common(pattern.substring(begin - 1, at), known.sure()::automaton);
  }

  private Automaton group(int begin) {
    openGroup();
    Automaton group = alternatives(false);
    if (!take(')')) {
      at = begin;
      throw refused("a ( without its )");
    }
    return group;
  }

  private void openGroup() {
    if (!take('?')) {
      return;
    }
    if (take(':')) {
      return;
    }
    if (peek() == '=' || peek() == '!' || take("<=") || take("<!")) {
      throw refused("an assertion that looks ahead or behind");
    }
    if (take('<') || take("P<")) {
      int end = pattern.indexOf('>', at);
      if (end > at && pattern.substring(at, end).matches("\\w+")) {
        at = end + 1;
        return;
      }
      throw refused("a group with a name that is none");
    }
    throw refused(
        "a group that begins with (?%s"
            .formatted(at < pattern.length() ? Character.toString(peek()) : ""));
  }

  /* Behind a backslash; null and nothing taken if there is a single character. */
  private CharacterClasses.@Nullable Escaped escapedClass() {
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

  private int escapedCharacter() {
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

  private CodePoints set() {
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

  private int peek() {
    return at < pattern.length() ? pattern.codePointAt(at) : NO_END;
  }

  private int next() {
    int c = peek();
    if (c == NO_END) {
      return c;
    }
    at += Character.charCount(c);
    return whole(c);
  }

  private boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private boolean take(String text) {
    if (!pattern.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  private InvalidInput refused(String what) {
    return new InvalidInput(
        "the regular expression %s has %s at character %d, which is not supported"
            .formatted(Excerpt.of(pattern), what, at));
  }
}
