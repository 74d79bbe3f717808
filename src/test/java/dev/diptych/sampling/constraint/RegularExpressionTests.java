package dev.diptych.sampling.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTests {

  private final SmallVocabulary vocabulary = new SmallVocabulary(7, 500);

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "[0-9]{3}-[0-9]{4}~555-0123",
        "^(foo|bar)+$~foobarfoo",
        "\\d+\\.\\d{2}~12.50",
        "[^\\d\\s]+~é日😀",
        "(?<year>\\d{4})-(?P<month>\\d\\d)~2024-12",
        "a{2,}?b*?c??~aaac",
        "\\u00e9\\u{1F600}\\x41~é😀A",
        "[\\w.-]+@[a-z]+~first.last-1@example",
        "{a}~{a}",
        "\\p{Lu}\\p{L}*~Éclair",
        "[\\]\\\\^-]+~]\\^-",
        ".~😀",
        "(?:)x~x",
      })
  void matchesWhole(String pattern, String text) {
    Constraint constraint = new Constraint.Regex(pattern);

    assertThat(vocabulary.fits(constraint, text)).isTrue();
    assertThat(vocabulary.fits(constraint, text + "\n")).isFalse();
  }

  @Test
  void aTokenMayEndInsideACharacter() {
    ConstraintState state = vocabulary.start(new Constraint.Regex("[é日]"));

    assertThat(state.mask().allows(0xC3)).isTrue();
    assertThat(state.mask().allows(0xC2)).isFalse();
    state.accept(0xE6);
    assertThat(state.isComplete()).isFalse();
    state.accept(0x97);
    assertThat(state.mask().allows(0xA5)).isTrue();
    assertThat(state.mask().count()).isEqualTo(1);
    state.accept(0xA5);
    assertThat(state.isFinished()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "(a)\\1~a backreference",
        "(?=a)b~an assertion that looks ahead or behind",
        "(?<!a)b~an assertion that looks ahead or behind",
        "\\bword~a word boundary",
        "(?i)a~a group that begins with (?i",
        "a**~a quantifier behind a quantifier",
        "a*+~a possessive quantifier",
        "a{2}{3}~a quantifier behind a quantifier",
        "*a~nothing to repeat",
        "(a~a ( without its )",
        "a)~an unmatched )",
        "[a~a [ without its ]",
        "[z-a]~a range whose end is before its beginning",
        "a{3,2}~a repetition with a maximum below its minimum",
        "(x^a)~^ behind something",
        "(^a)b~^ or $ inside of a group",
        "a$b~something behind $",
        "\\q~the escape \\q",
        "\\p{Greek}~the class of characters \\p{Greek}",
        "\\ud800~half a surrogate pair",
        "[[:alpha:]]~a POSIX class",
        "a{99999}~more than 10000 repetitions",
      })
  void refusesByName(String pattern, String what) {
    assertThatThrownBy(() -> vocabulary.start(new Constraint.Regex(pattern)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(what)
        .hasMessageContaining(pattern);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a|b)*a(a|b){30}",
        "((((x{99}){99}){99}){99}){99}",
        "(\\p{L}{1,500}\\p{N}{1,500}){3}",
      })
  void refusesWhatWouldTakeTooManyStates(String pattern) {
    assertThatThrownBy(() -> vocabulary.start(new Constraint.Regex(pattern)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("too complex");
  }

  @Test
  void refusesWhatNothingOrNothingButTheEmptyTextFits() {
    assertThatThrownBy(() -> vocabulary.start(new Constraint.Regex("")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("the empty text alone");
    assertThatThrownBy(() -> vocabulary.start(new Constraint.Regex("[^\\s\\S]")))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void textsOfRandomExpressionsMatchInJava() {
    Random random = new Random(20);
    int made = 0;
    int refused = 0;
    while (made < 200) {
      String pattern = expression(random, 2);
      Constraint constraint = new Constraint.Regex(pattern);
      try {
        vocabulary.start(constraint);
      } catch (InvalidInput e) {
        assertThat(e).hasMessageContaining("too complex");
        refused++;
        continue;
      }
      made++;
      Pattern java = Pattern.compile(pattern);
      for (int text = 0; text < 3; text++) {
        String some = vocabulary.random(constraint, random, 10);
        assertThat(java.matcher(some).matches()).as("%s on %s", pattern, some).isTrue();
      }
    }
    assertThat(refused).isLessThanOrEqualTo(4);
  }

  @Test
  void acceptsWhatJavaMatches() {
    Random random = new Random(21);
    int matched = 0;
    for (int i = 0; i < 200; i++) {
      String pattern = expression(random, 2);
      for (int text = 0; text < 5; text++) {
        String some = letters(random);
        boolean matches = Pattern.compile(pattern).matcher(some).matches();
        assertThat(vocabulary.fits(new Constraint.Regex(pattern), some))
            .as("%s on %s", pattern, some)
            .isEqualTo(matches);
        matched += matches ? 1 : 0;
      }
    }
    assertThat(matched).isGreaterThan(20);
  }

  private static String letters(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(4); length >= 0; length--) {
      text.appendCodePoint("abé0 ".codePointAt(random.nextInt(5)));
    }
    return text.toString();
  }

  private static String expression(Random random, int depth) {
    StringBuilder expression = new StringBuilder();
    for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
      expression.append(part(random, depth)).append(quantifier(random));
    }
    return random.nextInt(4) == 0
        ? "(?:" + expression + "|" + part(random, depth) + ")"
        : expression.toString();
  }

  private static String part(Random random, int depth) {
    if (depth > 0 && random.nextInt(4) == 0) {
      return "(" + expression(random, depth - 1) + ")";
    }
    List<String> atoms =
        List.of(
            "a", "b", "é", "日", "[a-c]", "[^a\\n]", "\\d", "\\w", "\\s", "\\S", "\\D", ".", "x",
            "[é-ü]", "\\.", "😀", "[\\d_-]");
    return atoms.get(random.nextInt(atoms.size()));
  }

  private static String quantifier(Random random) {
    List<String> quantifiers = List.of("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "+?");
    return quantifiers.get(random.nextInt(quantifiers.size()));
  }
}
