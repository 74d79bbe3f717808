package dev.diptych.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diptych.InvalidInput;
import dev.diptych.Overloaded;
import org.junit.jupiter.api.Test;

class AnswerMemoryTests {

  private final AnswerMemory memory = new AnswerMemory(6400, "diptych.encoding.answer-memory");

  @Test
  void reservesUntilItIsGivenBack() {
    Permits first = memory.reserve(4000);

    assertThatThrownBy(() -> memory.reserve(4000))
        .isInstanceOf(Overloaded.class)
        .hasMessageContaining("4000 of 6400 are taken")
        .hasMessageContaining("diptych.encoding.answer-memory");
    first.close();
    first.close();
    assertThat(memory.taken()).isZero();
    memory.reserve(4000).close();
  }

  @Test
  void refusesForGoodWhatNeverFits() {
    assertThatThrownBy(() -> memory.reserve(4801))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "the answer would take 4801 bytes of memory, more than the 4800 that one may take"
                + " (diptych.encoding.answer-memory)");
  }

  @Test
  void leavesAPartToSmallAnswers() {
    try (Permits _ = memory.reserve(4800)) {
      assertThatThrownBy(() -> memory.reserve(101)).isInstanceOf(Overloaded.class);
      memory.reserve(100).close();
    }
  }

  @Test
  void takesAnEighthOfTheHeapUnlessToldOtherwise() {
    long eighth = Runtime.getRuntime().maxMemory() / 8;

    new AnswerMemory(0, "diptych.encoding.answer-memory").reserve(eighth / 2).close();
    assertThatThrownBy(() -> new AnswerMemory(0, "diptych.encoding.answer-memory").reserve(eighth))
        .isInstanceOf(InvalidInput.class);
  }
}
