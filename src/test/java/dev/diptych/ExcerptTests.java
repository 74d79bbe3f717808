package dev.diptych;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTests {

  @Test
  void leavesAShortTextAsItIs() {
    assertThat(Excerpt.of("a".repeat(300))).isEqualTo("a".repeat(300));
  }

  @Test
  void saysHowMuchOfALongTextIsMissing() {
    assertThat(Excerpt.of("a".repeat(1_900_000)))
        .hasSizeLessThan(350)
        .contains("… (1899700 more characters) …");
  }

  @Test
  void dividesNoCharacter() {
    String smileys = "a" + "\uD83D\uDE00".repeat(1000);

    assertThat(Excerpt.of(smileys).codePoints())
        .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  @Test
  void shortensTheMessageOfWhatIsRefused() {
    assertThat(new InvalidInput("no prompt is named " + "x".repeat(1_900_000)))
        .message()
        .startsWith("no prompt is named xxx")
        .hasSizeLessThan(350);
  }
}
