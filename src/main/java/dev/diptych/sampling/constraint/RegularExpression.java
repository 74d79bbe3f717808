package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression as an automaton that reads the UTF-8 of the texts that match. Refuses by
 * name what automata cannot do.
 */
final class RegularExpression extends PatternReader {

  private static final int MOST_CHARACTERS = 4000;
  private static final int MOST_REPETITIONS = 10_000;
  private static final int DEEPEST = 100;

  private final boolean searches;
  private final Automata automata;
  private int depth;

  private RegularExpression(String pattern, boolean searches, Automata automata) {
    super(pattern);
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
}
