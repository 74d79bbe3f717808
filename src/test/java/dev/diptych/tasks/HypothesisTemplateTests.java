package dev.diptych.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HypothesisTemplateTests {

  @ParameterizedTest
  @CsvSource({
    "It is {}., It is a $1 \\.",
    "{{{}}}, {a $1 \\}",
    "{0} or {0}, a $1 \\ or a $1 \\",
    "{{}} {}, {} a $1 \\",
  })
  void putsALabelInItsPlace(String template, String sentence) {
    assertThat(new HypothesisTemplate(template).with("a $1 \\")).isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "It is so.", "{{}}", "{} {}", "{} {0}", "{1}", "{a}", "{:>9}", "{", "}"})
  void refusesWhatHasNoPlaceForIt(String template) {
    assertThatThrownBy(() -> new HypothesisTemplate(template))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("`hypothesis_template`");
  }

  @Test
  void refusesALongOne() {
    assertThatThrownBy(() -> new HypothesisTemplate("{}" + "x".repeat(1_000)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("at most 1000 characters");
  }
}
