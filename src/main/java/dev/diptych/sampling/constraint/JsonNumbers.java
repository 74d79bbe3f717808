package dev.diptych.sampling.constraint;

import dev.diptych.InvalidInput;
import dk.brics.automaton.Automaton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers of JSON within bounds, as automata. */
final class JsonNumbers {

  /*
   * A number has at most 15 digits before its point, or as many as its bounds, and 15 behind it, so
   * that none goes on without an end. Between bounds it has no exponent, and digits are compared
   * from the first: a number is larger than another with as many digits before the point if it has
   * the larger digit where they first differ.
   */

  /**
   * A bound.
   *
   * @param exclusive whether the bound itself is outside
   */
  record Bound(BigDecimal value, boolean exclusive) {}

  private static final int DIGITS = 15;
  private static final int MOST_DIGITS = 40;
  private static final String FRACTION = "(\\.[0-9]{1,%d})?".formatted(DIGITS);

  private final Automata automata;
  private final int digits;

  private JsonNumbers(Automata automata, int digits) {
    this.automata = automata;
    this.digits = digits;
  }

  /** The numbers, or only the whole ones, between two bounds; null is none. */
  static Automaton between(
      @Nullable Bound least, @Nullable Bound most, boolean whole, Automata automata) {
    int digits = Math.max(digits(least), digits(most));
    if (digits > MOST_DIGITS) {
      throw new InvalidInput(
          "a minimum or maximum with more than %d digits is not supported".formatted(MOST_DIGITS));
    }
    JsonNumbers numbers = new JsonNumbers(automata, Math.max(DIGITS, digits));
    if (least == null && most == null && whole) {
      return automata.common("integer", JsonNumbers::anyWhole);
    }
    if (least == null && most == null) {
      return automata.common("number", JsonNumbers::any);
    }
    Automaton between =
        automata.union(List.of(numbers.positive(least, most), numbers.negative(least, most)));
    return whole
        ? automata.intersection(between, RegularExpression.whole("-?[0-9]+", automata))
        : between;
  }

  private static Automaton anyWhole(Automata automata) {
    return RegularExpression.whole("0|-?[1-9][0-9]{0,%d}".formatted(DIGITS - 1), automata);
  }

  private static Automaton any(Automata automata) {
    return RegularExpression.whole(
        "-?(0|[1-9][0-9]{0,%d})%s([eE][+-]?[0-9]{1,2})?".formatted(DIGITS - 1, FRACTION), automata);
  }

  private static int digits(@Nullable Bound bound) {
    if (bound == null) {
      return 0;
    }
    BigDecimal value = bound.value.stripTrailingZeros();
    return Math.max(Math.abs(value.scale()), value.precision() - value.scale());
  }

  /* 0 and more. */
  private Automaton positive(@Nullable Bound least, @Nullable Bound most) {
    Automaton numbers = all();
    if (least != null && least.value.signum() >= 0) {
      numbers = above(least.value, least.exclusive);
    }
    if (most == null) {
      return numbers;
    }
    return most.value.signum() < 0
        ? Automata.nothing()
        : automata.difference(numbers, above(most.value, !most.exclusive));
  }

  /* Below 0: the minus and the opposite. */
  private Automaton negative(@Nullable Bound least, @Nullable Bound most) {
    if (least != null && least.value.signum() >= 0) {
      return Automata.nothing();
    }
    Automaton opposites =
        most != null && most.value.signum() < 0
            ? above(most.value.negate(), most.exclusive)
            : above(BigDecimal.ZERO, true);
    if (least != null) {
      opposites = automata.difference(opposites, above(least.value.negate(), !least.exclusive));
    }
    return automata.concatenation(Automata.text("-"), opposites);
  }

  private Automaton all() {
    return RegularExpression.whole(
        "(0|[1-9][0-9]{0,%d})%s".formatted(digits - 1, FRACTION), automata);
  }

  /* Of those, what is larger than a bound of 0 or more, or as large too. */
  private Automaton above(BigDecimal bound, boolean exclusive) {
    String integral = bound.setScale(0, RoundingMode.DOWN).toPlainString();
    List<String> larger = new ArrayList<>();
    if (integral.length() < digits) {
      larger.add("[1-9][0-9]{%d,%d}%s".formatted(integral.length(), digits - 1, FRACTION));
    }
    for (int i = 0; i < integral.length(); i++) {
      if (integral.charAt(i) < '9') {
        larger.add(
            "%s[%d-9][0-9]{%d}%s"
                .formatted(
                    integral.substring(0, i),
                    integral.charAt(i) - '0' + 1,
                    integral.length() - i - 1,
                    FRACTION));
      }
    }
    larger.add(integral + fractionsAbove(bound, exclusive));
    return automata.intersection(
        RegularExpression.whole(String.join("|", larger), automata), all());
  }

  private static String fractionsAbove(BigDecimal bound, boolean exclusive) {
    String plain = bound.stripTrailingZeros().toPlainString();
    String fraction = plain.contains(".") ? plain.substring(plain.indexOf('.') + 1) : "";
    if (fraction.isEmpty()) {
      return exclusive ? "\\.0*[1-9][0-9]*" : "(\\.[0-9]+)?";
    }
    List<String> larger = new ArrayList<>();
    for (int i = 0; i < fraction.length(); i++) {
      if (fraction.charAt(i) < '9') {
        larger.add(
            "%s[%d-9][0-9]*".formatted(fraction.substring(0, i), fraction.charAt(i) - '0' + 1));
      }
    }
    larger.add(fraction + (exclusive ? "0*[1-9][0-9]*" : "[0-9]*"));
    return "\\.(%s)".formatted(String.join("|", larger));
  }
}
